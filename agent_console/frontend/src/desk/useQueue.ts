/** The queue on the left: pages of rows, live changes that never move the row under the pointer, and counts. */
import { computed, onBeforeUnmount, ref, shallowRef, triggerRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchQueueCounts, fetchTickets, type TicketFilter } from '@/api/calls'
import type { LiveSummary, QueueName, State, TicketRow } from '@/api/types'
import { rowFrom } from '@/live/rows'
import { tell } from '@/shell/boot'
import { me } from '@/shell/session'

export const QUEUES: QueueName[] = ['pending', 'mine', 'to_dispatch', 'to_review', 'to_follow_up', 'supervised']

export interface QueueFilter { queue: QueueName; q: string; type: string; channel: string }

export interface Queue {
  filter: Ref<QueueFilter>
  rows: ShallowRef<TicketRow[]>
  held: ComputedRef<number>
  gone: Ref<Set<string>>
  /** What came last by itself, for those who hear the screen. */
  arrived: Ref<string>
  counts: Ref<Record<string, number>>
  loading: Ref<boolean>
  error: ShallowRef<unknown>
  more: ComputedRef<boolean>
  choose: (change: Partial<QueueFilter>) => Promise<void>
  reload: () => Promise<void>
  loadMore: () => Promise<void>
  heard: (summary: LiveSummary, entry: number) => void
  hold: (held: boolean) => void
}

const ENDED = new Set<State>(['closed', 'archived', 'refused', 'emergency', 'merged', 'withdrawn'])
const COUNT_PAUSE_MS = 900

/** Whether a changed ticket belongs into a queue; null when only the server can tell. */
export function belongs(queue: QueueName, row: TicketRow, username: string): boolean | null {
  if (queue === 'pending') return row.state === 'received'
  if (queue === 'to_dispatch') return row.state === 'accepted'
  if (queue === 'to_review') return row.state === 'answer_review' || row.state === 'return_review'
  if (queue === 'to_follow_up') return row.state === 'follow_up'
  if (queue === 'mine') return row.holder?.username === username && !ENDED.has(row.state)
  return row.supervision_level === undefined ? null : row.supervision_level > 0 && !ENDED.has(row.state)
}

export function useQueue(start: QueueFilter): Queue {
  const filter = ref<QueueFilter>(start)
  const rows = shallowRef<TicketRow[]>([])
  const waiting = shallowRef<TicketRow[]>([])
  const gone = ref(new Set<string>())
  const arrived = ref('')
  const counts = ref<Record<string, number>>({})
  const loading = ref(true)
  const error = shallowRef<unknown>(null)
  const next = ref<string | null>(null)
  let pointerInside = false
  let countTimer: ReturnType<typeof setTimeout> | undefined
  let asked: AbortController | undefined

  /** Words are looked for everywhere, not in the queue that was open. */
  const wanted = (): TicketFilter => ({ ...filter.value, queue: filter.value.q ? 'all' : filter.value.queue })

  async function reload(): Promise<void> {
    asked?.abort()
    const mine = (asked = new AbortController())
    loading.value = true
    try {
      const page = await fetchTickets(wanted(), { signal: mine.signal })
      rows.value = page.results
      next.value = page.next
      waiting.value = []
      gone.value.clear()
      error.value = null
    } catch (failure) {
      if (!mine.signal.aborted) error.value = failure
    } finally {
      if (asked === mine) loading.value = false
    }
    void recount()
  }

  async function recount(): Promise<void> {
    try {
      counts.value = await fetchQueueCounts()
    } catch (failure) {
      tell(failure)
    }
  }

  async function loadMore(): Promise<void> {
    if (!next.value || loading.value) return
    loading.value = true
    try {
      const page = await fetchTickets({ ...wanted(), after: next.value })
      const known = new Set(rows.value.map((row) => row.number))
      rows.value = [...rows.value, ...page.results.filter((row) => !known.has(row.number))]
      next.value = page.next
    } catch (failure) {
      tell(failure)
    } finally {
      loading.value = false
    }
  }

  async function choose(change: Partial<QueueFilter>): Promise<void> {
    filter.value = { ...filter.value, ...change }
    rows.value = []
    await reload()
  }

  function heard(summary: LiveSummary, entry: number): void {
    clearTimeout(countTimer)
    countTimer = setTimeout(() => { void recount() }, COUNT_PAUSE_MS)
    const index = rows.value.findIndex((known) => known.number === summary.number)
    if (summary.gone) return index >= 0 ? leave(summary.number) : undefined
    const row = rowFrom(summary, rows.value[index], entry, Date.now())
    const inside = belongs(filter.value.queue, row, me.value?.username ?? '')
    if (index >= 0) {
      rows.value[index] = row
      triggerRef(rows)
      if (inside === false) leave(row.number)
      else gone.value.delete(row.number)
    } else if (inside && matches(row)) {
      if (!waiting.value.some((known) => known.number === row.number)) arrived.value = row.title || row.number
      waiting.value = [row, ...waiting.value.filter((known) => known.number !== row.number)]
      if (!pointerInside) settle()
    } else if (inside === false) {
      waiting.value = waiting.value.filter((known) => known.number !== row.number)
    }
  }

  /** Searches are the server's business: a live row joins only an unsearched list. */
  function matches(row: TicketRow): boolean {
    const { q, type, channel } = filter.value
    return !q && (!type || row.type === type) && (!channel || channel.split(',').includes(row.channel))
  }

  function leave(number: string): void {
    gone.value.add(number)
    if (!pointerInside) settle()
  }

  /** Lets waiting rows in and gone rows out. */
  function settle(): void {
    const incoming = waiting.value
    const numbers = new Set(incoming.map((row) => row.number))
    rows.value = [...incoming, ...rows.value.filter((row) => !gone.value.has(row.number) && !numbers.has(row.number))]
    waiting.value = []
    gone.value.clear()
  }

  function hold(held: boolean): void {
    pointerInside = held
    if (!held && (waiting.value.length > 0 || gone.value.size > 0)) settle()
  }

  onBeforeUnmount(() => {
    clearTimeout(countTimer)
    asked?.abort()
  })

  return {
    filter, rows, held: computed(() => waiting.value.length), gone, arrived, counts, loading, error,
    more: computed(() => next.value !== null), choose, reload, loadMore, heard, hold,
  }
}
