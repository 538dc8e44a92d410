/** The desk as a whole: queue, open ticket, panel, draft and live feed put together. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import type { QueueName, Ticket, TicketRow, Verb } from '@/api/types'
import { useAlarms, type Alarms } from '@/desk/useAlarms'
import { usePanel, type Panel } from '@/desk/usePanel'
import { QUEUES, useQueue, type Queue } from '@/desk/useQueue'
import { useLive, type Live } from '@/live/useLive'
import { fromSpeech } from '@/phone/heard'
import type { PhoneList } from '@/phone/PhoneStrip.vue'
import { usePhone, type Phone } from '@/phone/usePhone'
import { tell } from '@/shell/boot'
import { loadCatalogues, loadMe, me } from '@/shell/session'
import { setTitle } from '@/shell/title'
import { readUrl, writeUrl } from '@/shell/urlState'
import { useDraft, type TicketDraft } from '@/ticket/useDraft'
import { useTicket, type OpenTicket } from '@/ticket/useTicket'
import { sayDone } from '@/ticket/done'
import { t } from '@/words'

export interface Desk {
  queue: Queue
  current: OpenTicket
  panel: Panel
  draft: TicketDraft
  live: Live
  alarms: Alarms
  phone: Phone
  /** The list of the telephone that stands in the queue's place. */
  phoneList: Ref<PhoneList | null>
  showPhone: (list: PhoneList | null) => void
  dialog: Ref<Verb | null>
  unit: Ref<string | null>
  cursor: Ref<string | null>
  open: (number: string | null) => void
  move: (step: number) => void
  verb: (verb: Verb) => void
  perform: (verb: Verb, body?: Record<string, unknown>) => Promise<Ticket | null>
  chooseUnit: (index: number) => void
  sendReply: () => Promise<void>
  saveFields: () => Promise<void>
  recall: () => void
  /** What the citizen has written, and is saying on the telephone. */
  said: ComputedRef<string>
  /** Why the desk could not begin: without knowing who is here it shows nothing else. */
  broken: ShallowRef<unknown>
  begin: () => Promise<void>
}

/** Where the work of a role begins when the address names no list. */
const FIRST: Record<string, QueueName> = { lead: 'to_review', quality: 'to_follow_up', supervisor: 'supervised' }
const LISTS: PhoneList[] = ['call-backs', 'calls']
const AT_ONCE = new Set<Verb>(['accept', 'sign', 'resume'])

export function useDesk(): Desk {
  const address = readUrl()
  const named = address.queue as QueueName | undefined
  const queue = useQueue({
    queue: named && QUEUES.includes(named) ? named : 'pending',
    q: address.q ?? '', type: address.type ?? '', channel: address.channel ?? '',
  })
  const draft = useDraft()
  const current = useTicket((ticket) => { queue.heard(ticket, ticket.last_entry ?? 0) })
  const phone = usePhone()
  const phoneList = ref<PhoneList | null>(LISTS.find((name) => name === address.phone) ?? null)
  const spoken = computed(() => fromSpeech(phone.ticket.value === current.ticket.value?.number ? phone.state.value.heard : []))
  const said = computed(() => {
    const written = current.ticket.value?.messages.filter((message) => message.direction === 'in').map((message) => message.transcript || message.text) ?? []
    const heard = phone.ticket.value === current.ticket.value?.number ? phone.state.value.pieces.filter((piece) => piece.side === 'caller').map((piece) => piece.text) : []
    return [...written, ...heard].filter(Boolean).join('\n')
  })
  const panel = usePanel(current.ticket, () => {
    draft.type('fields', { ...panel.own.value })
    if (panel.dirty.value) current.hold()
  }, spoken)
  const alarms = useAlarms()
  const live = useLive('/ws/desk/', (event) => {
    alarms.heard(event.kind)
    queue.heard(event.ticket, event.entry)
    current.heard(event.ticket)
  }, () => {
    void queue.reload()
    void current.refresh()
    alarms.load().catch(tell)
  })
  const dialog = ref<Verb | null>(null)
  const unit = ref<string | null>(null)
  const broken = shallowRef<unknown>(null)
  const cursor = ref<string | null>(address.ticket ?? null)
  const selected = computed(() => cursor.value && current.ticket.value?.number === cursor.value)

  watch(current.ticket, (ticket) => { if (ticket) draft.take(ticket) })
  watch(queue.filter, () => { remember() })
  watch(dialog, (verb) => {
    if (verb) current.hold()
    else if (!current.conflict.value && !panel.dirty.value) current.release()
  })
  watch(() => queue.counts.value.pending, (count) => { setTitle(t('title.desk', { n: count ?? 0 })) })

  // The call's ticket opens beside it as soon as there is one.
  watch(phone.ticket, (number) => { if (number && number !== opened) open(number) })

  function showPhone(list: PhoneList | null): void {
    phoneList.value = list
    remember()
  }

  function remember(): void {
    const { queue: name, q, type, channel } = queue.filter.value
    writeUrl({ queue: name, q, type, channel, phone: phoneList.value, ticket: opened })
  }

  let opened: string | null = null
  function open(number: string | null): void {
    opened = number
    cursor.value = number
    dialog.value = null
    unit.value = null
    void draft.flush()
    void current.open(number)
    live.looking(number)
    markRead(number)
    remember()
  }

  function markRead(number: string | null): void {
    const row = queue.rows.value.find((known) => known.number === number)
    if (row) row.unread = false
  }

  function move(step: number): void {
    const { value: rows } = queue.rows
    const index = rows.findIndex((row) => row.number === cursor.value)
    const target: TicketRow | undefined = rows[Math.min(rows.length - 1, Math.max(0, index + step))]
    if (target) cursor.value = target.number
  }

  async function perform(verb: Verb, body: Record<string, unknown> = {}): Promise<Ticket | null> {
    const done = await current.perform(verb, body)
    if (done) sayDone(verb, done)
    if (done?.gone) open(null)
    return done
  }

  function verb(chosen: Verb): void {
    const ticket = current.ticket.value
    if (!ticket?.allowed.includes(chosen) || current.busy.value) return
    if (chosen === 'accept') accept().catch(tell)
    else if (AT_ONCE.has(chosen)) perform(chosen).catch(tell)
    else dialog.value = chosen
  }

  async function accept(): Promise<void> {
    const done = await perform('accept', panel.body(true))
    if (!done) return
    panel.saved()
    draft.type('fields', {})
  }

  /** Of an automatic dispatch, whose minute is too short for a form. */
  function recall(): void {
    perform('recall').catch(tell)
  }

  async function saveFields(): Promise<void> {
    try {
      if (await perform('edit', panel.body(false))) {
        panel.saved()
        draft.type('fields', {})
      }
    } catch (failure) {
      tell(failure)
    }
  }

  function chooseUnit(index: number): void {
    const choice = panel.suggestion.value?.departments[index]
    if (!choice) return
    unit.value = choice.code
    if (current.ticket.value?.allowed.includes('dispatch')) dialog.value = 'dispatch'
  }

  async function sendReply(): Promise<void> {
    const text = draft.words.reply.trim()
    if (!text || !selected.value) return
    try {
      if (await perform('reply', { text })) draft.type('reply', '')
    } catch (failure) {
      tell(failure)
    }
  }

  async function begin(): Promise<void> {
    broken.value = null
    try {
      const person = await loadMe()
      live.start(person.entry)
      if (mayType()) alarms.load().catch(tell)
      if (mayTelephone()) phone.start()
      const first = FIRST[person.role]
      if (first && !address.queue && !address.q) queue.filter.value.queue = first
      if (address.ticket) open(address.ticket)
      await queue.reload()
      await loadCatalogues()
    } catch (failure) {
      if (me.value) tell(failure)
      else broken.value = failure
    }
  }

  return {
    broken, alarms, queue, current, said, panel, draft, live, phone, phoneList, showPhone, dialog, unit, cursor, open, move, verb, perform, chooseUnit, sendReply, saveFields, recall, begin,
  }
}

/** Agents and leads take calls, quality calls citizens; all but agents may hear those of others. */
export const mayTelephone = (): boolean => ['agent', 'lead', 'quality', 'supervisor', 'auditor'].includes(me.value?.role ?? '')
/** Those who may type what a citizen told them. */
export const mayType = (): boolean => ['agent', 'lead', 'supervisor', 'quality'].includes(me.value?.role ?? '')
export const mayRest = (): boolean => ['agent', 'lead'].includes(me.value?.role ?? '')
