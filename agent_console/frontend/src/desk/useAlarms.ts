/** Alarms that ring at the desk: seen and heard until a person confirms them. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

import type { Alarm } from '@/api/alarms'
import { get, post } from '@/api/http'
import { tell } from '@/shell/boot'
import { me } from '@/shell/session'

export interface Alarms {
  ringing: Ref<Alarm[]>
  load: () => Promise<void>
  /** Kinds of ledger lines after which the list is another. */
  heard: (kind: string) => void
  /** That one alarm: another of the same ticket has other words and rings on. */
  see: (alarm: Alarm) => Promise<void>
  maySee: () => boolean
}

const CHANGES = new Set(['escalated', 'alarm_seen'])
const EVERY_MS = 5000
const BEEPS = [880, 660, 880]
const BEEP_S = 0.18

export function useAlarms(): Alarms {
  const ringing = ref<Alarm[]>([])
  let context: AudioContext | null = null
  let timer = 0

  const maySee = (): boolean => ['agent', 'lead'].includes(me.value?.role ?? '')

  async function load(): Promise<void> {
    ringing.value = (await get<{ results: Alarm[] }>('/api/v1/alarms')).results
  }

  function heard(kind: string): void {
    if (CHANGES.has(kind)) load().catch(tell)
  }

  async function see(alarm: Alarm): Promise<void> {
    try {
      await post(`/api/v1/tickets/${alarm.number}/see-alarm`, { alarms: [alarm.id] })
    } catch (failure) {
      tell(failure)
    }
    await load().catch(tell)
  }

  /** A browser that has not been touched plays nothing: the banner is there all the same. */
  function sound(): void {
    const able = context ??= new AudioContext()
    if (able.state === 'suspended') void able.resume()
    BEEPS.forEach((pitch, place) => {
      const tone = new OscillatorNode(able, { frequency: pitch })
      const begin = able.currentTime + place * BEEP_S
      tone.connect(new GainNode(able, { gain: 0.2 })).connect(able.destination)
      tone.start(begin)
      tone.stop(begin + BEEP_S * 0.8)
    })
  }

  function silence(): void {
    clearInterval(timer)
    timer = 0
  }

  watch(() => ringing.value.length > 0 && maySee(), (loud) => {
    silence()
    if (!loud) return
    sound()
    timer = window.setInterval(sound, EVERY_MS)
  })
  onBeforeUnmount(() => {
    silence()
    void context?.close()
  })

  return { ringing, load, heard, see, maySee }
}
