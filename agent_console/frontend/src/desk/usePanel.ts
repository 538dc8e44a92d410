/** The ticket's fields while they are being decided: saved values, over them the assistant's, over them the agent's. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchSuggestion } from '@/api/calls'
import type { Suggestion, Ticket } from '@/api/types'
import type { FromSpeech } from '@/phone/heard'
import { tell } from '@/shell/boot'

export const FIELDS = ['type', 'matter', 'title', 'summary', 'urgency', 'place', 'confidential', 'enterprise', 'accused'] as const
export type FieldName = (typeof FIELDS)[number]
export interface PlaceValue { area: string | null; address: string }
export interface FieldValues {
  type: string | null
  matter: string | null
  title: string
  summary: string
  urgency: string
  place: PlaceValue
  confidential: boolean
  enterprise: boolean
  /** Codes of the units complained of. */
  accused: string[]
}

export interface Panel {
  suggestion: ShallowRef<Suggestion | null>
  loading: Ref<boolean>
  values: ComputedRef<FieldValues>
  own: Ref<Partial<FieldValues>>
  dirty: ComputedRef<boolean>
  suggested: (name: FieldName) => boolean
  confidence: (name: FieldName) => number | null
  set: <Name extends FieldName>(name: Name, value: FieldValues[Name]) => void
  take: () => void
  undo: () => void
  undone: Ref<boolean>
  body: (all: boolean) => Record<string, unknown>
  saved: () => void
}

const ASK_AGAIN_MS = 1_500
const ASK_TIMES = 8

export function savedValues(ticket: Ticket): FieldValues {
  return {
    type: ticket.type, matter: ticket.matter, title: ticket.title, summary: ticket.summary, urgency: ticket.urgency,
    place: { area: ticket.place?.area ?? null, address: ticket.place?.address ?? '' }, confidential: ticket.confidential,
    enterprise: ticket.enterprise, accused: ticket.accused.map((unit) => unit.code),
  }
}

/** What the assistant fills in: only what the ticket does not say yet, and only before it is accepted. */
export function suggestedValues(ticket: Ticket, suggestion: Suggestion): Partial<FieldValues> {
  if (ticket.state !== 'received' && ticket.state !== 'awaiting_info') return {}
  const filled: Partial<FieldValues> = {}
  if (!ticket.type && suggestion.type[0]) filled.type = suggestion.type[0].code
  if (!ticket.matter && suggestion.matter[0] && !suggestion.abstain) filled.matter = suggestion.matter[0].code
  if (suggestion.title && (!ticket.title || ticket.title === suggestion.title)) filled.title = suggestion.title
  if (suggestion.summary && (!ticket.summary || ticket.summary === suggestion.summary)) filled.summary = suggestion.summary
  if (suggestion.urgency && suggestion.urgency.level !== ticket.urgency) filled.urgency = suggestion.urgency.level
  const place = suggestion.place
  if (place && !ticket.place?.area && !ticket.place?.address) {
    filled.place = { area: place.area, address: place.address ?? place.text ?? '' }
  }
  return filled
}

/** What was heard fills only what nobody has decided yet. */
export function spokenValues(ticket: Ticket, heard: Partial<FieldValues>): Partial<FieldValues> {
  if (ticket.state !== 'received' && ticket.state !== 'awaiting_info') return {}
  const saved = savedValues(ticket)
  const open = (name: FieldName): boolean =>
    name === 'urgency' || (name === 'place' ? !saved.place.area && !saved.place.address : !saved[name])
  return Object.fromEntries(Object.entries(heard).filter(([name, value]) => open(name as FieldName) && value !== saved[name as FieldName]))
}

/** `spoken`: what is being heard of the call about this ticket; it is newer than what the assistant read. */
export function usePanel(ticket: ShallowRef<Ticket | null>, changed: () => void, spoken?: Readonly<Ref<FromSpeech>>): Panel {
  const suggestion = shallowRef<Suggestion | null>(null)
  const loading = ref(false)
  const own = ref<Partial<FieldValues>>({})
  const undone = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const offered = computed<Partial<FieldValues>>(() => {
    if (!ticket.value) return {}
    const read = suggestion.value ? suggestedValues(ticket.value, suggestion.value) : {}
    return { ...read, ...spokenValues(ticket.value, spoken?.value.values ?? {}) }
  })
  const filled = computed(() => (undone.value ? {} : offered.value))
  const values = computed<FieldValues>(() => {
    const base = ticket.value ? savedValues(ticket.value) : ({} as FieldValues)
    return { ...base, ...filled.value, ...own.value }
  })
  const dirty = computed(() => {
    const current = ticket.value
    if (!current) return false
    const base = savedValues(current)
    return FIELDS.some((name) => name in own.value && JSON.stringify(own.value[name]) !== JSON.stringify(base[name]))
  })

  async function ask(number: string, times: number): Promise<void> {
    try {
      const answer = await fetchSuggestion(number)
      if (ticket.value?.number !== number) return
      suggestion.value = answer
      loading.value = !answer.ready && times > 0
      if (loading.value) timer = setTimeout(() => { void ask(number, times - 1) }, ASK_AGAIN_MS)
    } catch (failure) {
      loading.value = false
      tell(failure)
    }
  }

  watch(() => [ticket.value?.number, ticket.value?.messages.length] as const, ([number], old) => {
    clearTimeout(timer)
    if (number !== old?.[0]) {
      suggestion.value = null
      own.value = { ...(ticket.value?.draft?.fields as Partial<FieldValues> | undefined) }
      undone.value = false
    }
    if (!number) return
    loading.value = suggestion.value === null
    void ask(number, ASK_TIMES)
  }, { immediate: true })

  function set<Name extends FieldName>(name: Name, value: FieldValues[Name]): void {
    own.value = { ...own.value, [name]: value }
    changed()
  }

  function take(): void {
    own.value = { ...offered.value, ...own.value }
    undone.value = false
    changed()
  }

  function undo(): void {
    const kept = Object.entries(own.value).filter(([name, value]) =>
      JSON.stringify(offered.value[name as FieldName]) !== JSON.stringify(value))
    own.value = Object.fromEntries(kept)
    undone.value = true
    changed()
  }

  /** Everything shown (when accepting), or only what was changed (when editing). */
  function body(all: boolean): Record<string, unknown> {
    const shown: Partial<FieldValues> = all ? { ...filled.value, ...own.value } : own.value
    return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null && value !== ''))
  }

  const suggested = (name: FieldName): boolean => name in filled.value && !(name in own.value)
  function confidence(name: FieldName): number | null {
    if (!suggested(name)) return null
    const sure = spoken?.value.sure[name]
    if (sure !== undefined || !suggestion.value) return sure ?? null
    if (name === 'type' || name === 'matter') return suggestion.value[name][0]?.confidence ?? null
    return null
  }

  return {
    suggestion, loading, values, own, dirty, suggested, confidence, set, take, undo, undone, body,
    saved: () => { own.value = {} },
  }
}
