/** The supervisor's figures and the list of what is late or nearly so, refreshed as tickets move. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchQueueCounts, fetchSupervision, fetchTickets } from '@/api/calls'
import type { Supervision, TicketRow, Verb } from '@/api/types'
import { useLive, type Live } from '@/live/useLive'
import { tell } from '@/shell/boot'
import { loadCatalogues, loadMe, me } from '@/shell/session'
import { readUrl, writeUrl } from '@/shell/urlState'
import { useTicket, type OpenTicket } from '@/ticket/useTicket'
import { sayDone } from '@/ticket/done'

/** The overview, then the queues of the interface in which something waits for a decision, then what is watched and worked out. */
const QUEUES = ['returns', 'extensions', 'supervised', 'to_follow_up', 'set_asides'] as const
export const TABS = ['overview', ...QUEUES, 'promises', 'crowds', 'hot_issues', 'scores', 'learning', 'replay'] as const
export type SupervisionTab = (typeof TABS)[number]
const isQueue = (tab: SupervisionTab): boolean => QUEUES.some((name) => name === tab)

export interface SupervisionScreen {
  tab: Ref<SupervisionTab>
  counts: Ref<Record<string, number>>
  rows: ShallowRef<TicketRow[]>
  loading: Ref<boolean>
  more: ComputedRef<boolean>
  choose: (tab: SupervisionTab) => void
  loadMore: () => Promise<void>
  figures: ShallowRef<Supervision | null>
  pressing: ShallowRef<TicketRow[]>
  unit: Ref<string | null>
  error: ShallowRef<unknown>
  readAt: Ref<string>
  /** Turns when tickets have moved: pages that read for themselves read again. */
  turned: Ref<number>
  live: Live
  current: OpenTicket
  dialog: Ref<Verb | null>
  load: () => Promise<void>
  narrow: (code: string | null) => void
  open: (number: string | null) => void
  perform: (verb: Verb, body?: Record<string, unknown>) => Promise<unknown>
  begin: () => Promise<void>
}

/** Figures cost the database more than a row does: many changes are answered with one reading. */
const SETTLE_MS = 5_000

export function useSupervision(): SupervisionScreen {
  const figures = shallowRef<Supervision | null>(null)
  const pressing = shallowRef<TicketRow[]>([])
  const unit = ref<string | null>(readUrl().department ?? null)
  const error = shallowRef<unknown>(null)
  const readAt = ref('')
  const turned = ref(0)
  const named = readUrl().tab as SupervisionTab | undefined
  const tab = ref<SupervisionTab>(named && TABS.includes(named) ? named : 'overview')
  const counts = ref<Record<string, number>>({})
  const rows = shallowRef<TicketRow[]>([])
  const next = ref<string | null>(null)
  const loading = ref(true)
  const dialog = ref<Verb | null>(null)
  const current = useTicket(() => { void load() })
  let opened: string | null = null
  let later: ReturnType<typeof setTimeout> | undefined

  const live = useLive('/ws/desk/', (event) => {
    current.heard(event.ticket)
    later ??= setTimeout(() => { void load() }, SETTLE_MS)
  }, () => { void load() })

  async function load(): Promise<void> {
    clearTimeout(later)
    later = undefined
    const department = unit.value ?? undefined
    try {
      counts.value = await fetchQueueCounts()
      if (isQueue(tab.value)) return await loadQueue()
      if (tab.value !== 'overview') { turned.value += 1; return }
      const [numbers, late, soon] = await Promise.all([
        fetchSupervision(), fetchTickets({ due: 'late', department }), fetchTickets({ due: 'soon', department }),
      ])
      figures.value = numbers
      pressing.value = [...late.results, ...soon.results].sort((a, b) => (a.due_at ?? '').localeCompare(b.due_at ?? ''))
      readAt.value = new Date().toISOString()
      error.value = null
    } catch (failure) {
      error.value = failure
    }
  }

  async function loadQueue(): Promise<void> {
    const asked = tab.value
    const page = await fetchTickets({ queue: asked })
    if (asked !== tab.value) return
    rows.value = page.results
    next.value = page.next
    loading.value = false
    error.value = null
  }

  async function loadMore(): Promise<void> {
    if (!next.value) return
    try {
      const page = await fetchTickets({ queue: tab.value, after: next.value })
      rows.value = [...rows.value, ...page.results]
      next.value = page.next
    } catch (failure) {
      tell(failure)
    }
  }

  function remember(): void {
    const on = tab.value
    writeUrl({ tab: on === 'overview' ? null : on, department: on === 'overview' ? unit.value : null, ticket: opened })
  }

  function open(number: string | null): void {
    opened = number
    dialog.value = null
    void current.open(number)
    remember()
  }

  function choose(chosen: SupervisionTab): void {
    tab.value = chosen
    rows.value = []
    loading.value = true
    open(null)
    void load()
  }

  function narrow(code: string | null): void {
    unit.value = code
    remember()
    void load()
  }

  async function perform(verb: Verb, body: Record<string, unknown> = {}): Promise<unknown> {
    const done = await current.perform(verb, body)
    if (done) sayDone(verb, done)
    if (done?.gone) open(null)
    return done
  }

  async function begin(): Promise<void> {
    try {
      error.value = null
      const person = await loadMe()
      live.start(person.entry)
      const { ticket } = readUrl()
      if (ticket) open(ticket)
      await load()
      await loadCatalogues()
    } catch (failure) {
      if (me.value) tell(failure)
      else error.value = failure
    }
  }

  return { tab, counts, rows, loading, more: computed(() => next.value !== null), choose, loadMore, figures, pressing, unit, error, readAt, turned, live, current, dialog, load, narrow, open, perform, begin }
}
