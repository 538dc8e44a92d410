/** What to tell somebody whose microphone does not open. */
import type { MicrophoneState } from '@/phone/audio'
import type { Word } from '@/words'

const TROUBLE: Partial<Record<MicrophoneState, Word>> = {
  refused: 'phone.mic.refused', missing: 'phone.mic.missing', busy: 'phone.mic.busy', insecure: 'phone.mic.insecure', broken: 'phone.mic.broken',
}

export const troubleOf = (state: MicrophoneState): Word | null => TROUBLE[state] ?? null
