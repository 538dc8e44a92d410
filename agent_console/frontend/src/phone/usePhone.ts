/** The telephone of this desk: connection, state, sound and orders put together. */
import { ElMessage } from 'element-plus'
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchPhoneToken } from '@/api/phone'
import { ApiError } from '@/api/http'
import { me } from '@/shell/session'
import { callTitle } from '@/shell/title'
import { t, tCode } from '@/words'

import { useSound, type Sound } from './audio'
import { hear, silent, type PhoneState } from './calls'
import { NotForMe, PhoneLink, Refused, type LinkState } from './link'
import type { AgentState, Call, CallState, Order, Outcome } from './wire'

export interface Phone {
  link: Ref<LinkState>
  state: ShallowRef<PhoneState>
  sound: Sound
  /** The call that is at this desk, ringing or not. */
  call: ComputedRef<Call | null>
  /** Nothing is on here, so that somebody can be called. */
  free: ComputedRef<boolean>
  ringing: ComputedRef<boolean>
  /** The ticket of the call that is spoken here, or that was until the wrap-up is done. */
  ticket: ComputedRef<string | null>
  /** In a call whose sound goes over this page. */
  speaking: ComputedRef<boolean>
  connected: ComputedRef<boolean>
  /** The switchboard was there since the page came: its strip stays while it is away. */
  known: Ref<boolean>
  /** What was asked and is not answered yet. */
  pending: Ref<Order['type'] | null>
  /** How a lead takes part in the call that is supervised. */
  part: Ref<Supervision>
  supervise: (call: string, part: Supervision | null) => Promise<void>
  order: (order: Order) => Promise<boolean>
  start: () => void
  takeBack: () => void
}

export type Supervision = 'listen' | 'whisper' | 'barge'

const WITH_SOUND = new Set<CallState>(['dialling', 'talking', 'held', 'consulting', 'conference'])
const AT_REST = new Set<AgentState>(['idle', 'paused', 'wrapup'])
/** Where nobody answered our call there is no wrap-up to say so. */
const UNANSWERED = new Set<Outcome>(['no_answer', 'busy', 'unreachable'])
/** A person who gets no telephone (403), or an installation without one (404, 501). */
const NO_PHONE = new Set([403, 404, 501])

/** Who only hears others returns no calls. */
export const returnsCalls = (): boolean => !['supervisor', 'auditor'].includes(me.value?.role ?? '')

async function address(): Promise<string> {
  try {
    const { token, url } = await fetchPhoneToken()
    return `${url}?token=${encodeURIComponent(token)}`
  } catch (failure) {
    if (failure instanceof ApiError && NO_PHONE.has(failure.status)) throw new NotForMe()
    throw failure
  }
}

export function usePhone(): Phone {
  const link = ref<LinkState>('off')
  const state = shallowRef(silent())
  const pending = ref<Order['type'] | null>(null)
  const part = ref<Supervision>('listen')
  const known = ref(false)
  const sound = useSound((frame) => { if (speaks.value) line.sound(frame) })
  const line = new PhoneLink({
    address,
    onTold: (told) => {
      state.value = hear(state.value, told)
      if (told.type === 'error') ElMessage.error({ message: told.message, grouping: true })
    },
    onSound: (frame) => { sound.play(frame) },
    onState: (shown) => {
      link.value = shown
      if (shown === 'open') known.value = true
    },
  })

  const call = computed(() => state.value.call)
  const connected = computed(() => link.value === 'open')
  const free = computed(() => connected.value && call.value === null && state.value.supervising === null && AT_REST.has(state.value.agent.state))
  const ticket = computed(() => {
    if (call.value) return call.value.state === 'ringing' ? null : call.value.ticket
    return state.value.agent.state === 'wrapup' ? (state.value.over?.ticket ?? null) : null
  })
  const ringing = computed(() => call.value?.state === 'ringing')
  const speaking = computed(() => Boolean(call.value && WITH_SOUND.has(call.value.state)) || state.value.supervising !== null)
  /** Nothing leaves this machine of who is muted or only listens: what is said aside stays in the room. */
  const speaks = computed(() => (call.value ? !call.value.muted : part.value !== 'listen') && speaking.value)

  watch([ringing, speaking], ([rings, speaks]) => {
    if (rings || speaks) void sound.open()
    else sound.close()
  })
  watch(ringing, (rings) => {
    sound.ring(rings)
    callTitle(rings ? t('phone.title', { phone: call.value?.caller.phone ?? '' }) : null)
  })
  watch(() => state.value.over, (over) => {
    if (over && UNANSWERED.has(over.outcome)) ElMessage.warning({ message: t(`phone.outcome.${over.outcome}`), grouping: true })
  })
  watch(sound.silent, (silent) => { if (!silent && ringing.value) sound.ring(true) })

  async function order(wanted: Order): Promise<boolean> {
    pending.value = wanted.type
    void sound.touch()
    try {
      await line.ask(wanted)
      return true
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure
      ElMessage.warning({ message: failure.message || tCode('phone.refused', failure.code, t('phone.refused.wrong_state')), grouping: true })
      return false
    } finally {
      pending.value = null
    }
  }

  async function supervise(call: string, wanted: Supervision | null): Promise<void> {
    if (!(await order({ type: wanted ?? 'stop_listening', call }))) return
    part.value = wanted ?? 'listen'
    state.value = { ...state.value, supervising: wanted ? call : null }
  }

  /** The first touch of the page lets the browser ring. */
  const touched = (): void => {
    forget()
    if (link.value !== 'refused') void sound.touch()
  }

  function forget(): void {
    window.removeEventListener('pointerdown', touched)
    window.removeEventListener('keydown', touched)
  }

  function start(): void {
    window.addEventListener('pointerdown', touched)
    window.addEventListener('keydown', touched)
    line.start()
  }

  onScopeDispose(() => {
    forget()
    line.stop()
    sound.close()
    sound.ring(false)
    callTitle(null)
  })

  return { link, state, sound, call, free, ringing, ticket, speaking, connected, known, pending, part, supervise, order, start, takeBack: line.wake }
}
