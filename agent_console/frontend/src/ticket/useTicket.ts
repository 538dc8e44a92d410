/** The ticket that is open: load it, act on it, keep it fresh, and hold a conflict until a person settles it. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { act, fetchTicket } from '@/api/calls'
import { ApiError } from '@/api/http'
import type { LiveSummary, Ticket, Verb } from '@/api/types'

const COMPARED = ['state_label', 'type_label', 'matter_name', 'title', 'urgency', 'department_name', 'summary'] as const
export type Compared = (typeof COMPARED)[number]

/** What a person would notice between two versions of a ticket. */
export function changes(before: Ticket, after: Ticket): Compared[] {
  return COMPARED.filter((name) => before[name] !== after[name])
}

export interface Conflict { verb: Verb; body: Record<string, unknown>; base: Ticket; theirs: Ticket }

export interface OpenTicket {
  ticket: ShallowRef<Ticket | null>
  loading: Ref<boolean>
  error: ShallowRef<unknown>
  busy: Ref<Verb | null>
  conflict: ShallowRef<Conflict | null>
  open: (number: string | null) => Promise<void>
  refresh: () => Promise<void>
  heard: (summary: LiveSummary) => void
  perform: (verb: Verb, body?: Record<string, unknown>) => Promise<Ticket | null>
  resend: () => Promise<Ticket | null>
  giveUp: () => void
  /** From now on something is being typed on what is shown: later changes by others are a conflict, not a refresh. */
  hold: () => void
  release: () => void
}

const SETTLE_MS = 250

export function useTicket(onChanged: (ticket: Ticket) => void = () => undefined): OpenTicket {
  const ticket = shallowRef<Ticket | null>(null)
  const loading = ref(false)
  const error = shallowRef<unknown>(null)
  const busy = ref<Verb | null>(null)
  const conflict = shallowRef<Conflict | null>(null)
  let wanted: string | null = null
  let held: Ticket | null = null
  let later: ReturnType<typeof setTimeout> | undefined

  function show(fresh: Ticket): void {
    if (fresh.number !== wanted) return
    ticket.value = fresh
  }

  async function open(number: string | null): Promise<void> {
    clearTimeout(later)
    wanted = number
    held = null
    ticket.value = null
    error.value = null
    conflict.value = null
    if (!number) return
    loading.value = true
    await refresh()
    if (wanted === number) loading.value = false
  }

  async function refresh(): Promise<void> {
    const number = wanted
    if (!number) return
    try {
      show(await fetchTicket(number))
      error.value = null
    } catch (failure) {
      if (wanted === number) error.value = failure
    }
  }

  /** A live event about this ticket: several in a row are answered with one reload. */
  function heard(summary: LiveSummary): void {
    if (summary.number !== wanted || busy.value) return
    clearTimeout(later)
    if (summary.gone) return void open(null)
    later = setTimeout(() => { void refresh() }, SETTLE_MS)
  }

  async function send(verb: Verb, body: Record<string, unknown>, base: Ticket): Promise<Ticket | null> {
    busy.value = verb
    try {
      const fresh = await act(base.number, verb, { ...body, version: base.version })
      conflict.value = null
      held = null
      if (fresh.gone) {
        wanted = null
        ticket.value = null
      } else show(fresh)
      onChanged(fresh)
      return fresh
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status !== 409) throw failure
      const theirs = failure.problem.ticket ?? (await fetchTicket(base.number))
      conflict.value = { verb, body, base, theirs }
      return null
    } finally {
      busy.value = null
    }
  }

  async function perform(verb: Verb, body: Record<string, unknown> = {}): Promise<Ticket | null> {
    const base = ticket.value
    if (!base || busy.value) return null
    if (!held || changes(held, base).length === 0) return send(verb, body, base)
    conflict.value = { verb, body, base: held, theirs: base }
    return null
  }

  async function resend(): Promise<Ticket | null> {
    const open = conflict.value
    return open ? send(open.verb, open.body, open.theirs) : null
  }

  function giveUp(): void {
    const open = conflict.value
    conflict.value = null
    held = null
    if (open) show(open.theirs)
  }

  return {
    hold: () => { held ??= ticket.value },
    release: () => { held = null },
    ticket, loading, error, busy, conflict, open, refresh, heard, perform, resend, giveUp,
  }
}
