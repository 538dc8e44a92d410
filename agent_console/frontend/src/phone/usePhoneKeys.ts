/** The two keys that take and end: F2 answers or finishes the wrap-up, F4 hangs up or lets it ring elsewhere. */
import type { Phone } from '@/phone/usePhone'
import { useKeys } from '@/shell/keys'

export function usePhoneKeys(phone: Phone): void {
  function take(): void {
    const call = phone.call.value
    if (call?.state === 'ringing') void phone.order({ type: 'answer', call: call.call })
    else if (phone.state.value.agent.state === 'wrapup') void phone.order({ type: 'wrapup_done' })
  }

  function end(): void {
    const call = phone.call.value
    if (call && call.state !== 'wrapup') void phone.order({ type: call.state === 'ringing' ? 'reject' : 'hang_up', call: call.call })
  }

  useKeys([{ key: 'F2', always: true, run: take }, { key: 'F4', always: true, run: end }])
}
