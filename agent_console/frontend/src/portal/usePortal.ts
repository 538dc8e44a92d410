/** The portal as a whole: one group of the unit's tickets, the open one, and what changes meanwhile. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchPortalGroups, fetchTickets } from '@/api/calls'
import type { LiveEvent, PortalGroup, TicketRow, Verb } from '@/api/types'
import { useLive, type Live } from '@/live/useLive'
import { tell } from '@/shell/boot'
import { loadCatalogues, loadMe } from '@/shell/session'
import { readUrl, writeUrl } from '@/shell/urlState'
import { useDraft, type TicketDraft } from '@/ticket/useDraft'
import { useTicket, type OpenTicket } from '@/ticket/useTicket'
import { sayDone } from '@/ticket/done'
import { t } from '@/words'

export const GROUPS: PortalGroup[] = ['to_sign', 'handling', 'consultation', 'return_refused', 'extension', 'awaiting_info', 'done']

export interface Portal {
  group: Ref<PortalGroup>
  counts: Ref<Record<string, number>>
  rows: ShallowRef<TicketRow[]>
  loading: Ref<boolean>
  error: ShallowRef<unknown>
  more: ComputedRef<boolean>
  current: OpenTicket
  draft: TicketDraft
  live: Live
  dialog: Ref<Verb | null>
  choose: (group: PortalGroup) => Promise<void>
  load: () => Promise<void>
  loadMore: () => Promise<void>
  open: (number: string | null) => void
  verb: (verb: Verb) => void
  perform: (verb: Verb, body?: Record<string, unknown>) => Promise<unknown>
  begin: () => Promise<void>
}

const SETTLE_MS = 600

export function usePortal(): Portal {
  const address = readUrl()
  const named = address.group as PortalGroup | undefined
  const group = ref<PortalGroup>(named && GROUPS.includes(named) ? named : 'to_sign')
  const counts = ref<Record<string, number>>({})
  const rows = shallowRef<TicketRow[]>([])
  const next = ref<string | null>(null)
  const loading = ref(true)
  const error = shallowRef<unknown>(null)
  const dialog = ref<Verb | null>(null)
  const current = useTicket(() => { refreshSoon() })
  const draft = useDraft()
  const live = useLive('/ws/portal/', heard, () => {
    void load()
    void current.refresh()
  })
  let opened: string | null = null
  let later: ReturnType<typeof setTimeout> | undefined

  watch(current.ticket, (ticket) => { if (ticket) draft.take(ticket) })

  watch(dialog, (verb) => {
    if (verb) current.hold()
    else if (!current.conflict.value) current.release()
  })
  watch(() => counts.value.to_sign, (count) => { document.title = t('title.portal', { n: count ?? 0 }) })

  function heard(event: LiveEvent): void {
    current.heard(event.ticket)
    refreshSoon()
  }

  /** A unit's list is short and its groups are the server's rule: it is read again rather than guessed. */
  function refreshSoon(): void {
    clearTimeout(later)
    later = setTimeout(() => { void load() }, SETTLE_MS)
  }

  async function load(): Promise<void> {
    const asked = group.value
    try {
      const [page, numbers] = await Promise.all([fetchTickets({ group: asked }), fetchPortalGroups()])
      if (asked !== group.value) return
      rows.value = page.results
      next.value = page.next
      counts.value = numbers
      error.value = null
    } catch (failure) {
      error.value = failure
    } finally {
      if (asked === group.value) loading.value = false
    }
  }

  async function loadMore(): Promise<void> {
    if (!next.value) return
    try {
      const page = await fetchTickets({ group: group.value, after: next.value })
      rows.value = [...rows.value, ...page.results]
      next.value = page.next
    } catch (failure) {
      tell(failure)
    }
  }

  async function choose(chosen: PortalGroup): Promise<void> {
    group.value = chosen
    rows.value = []
    loading.value = true
    remember()
    await load()
  }

  function remember(push = false): void {
    writeUrl({ group: group.value, ticket: opened }, push)
  }

  function open(number: string | null, push = true): void {
    opened = number
    dialog.value = null
    void draft.flush()
    void current.open(number)
    remember(push)
  }

  async function perform(verb: Verb, body: Record<string, unknown> = {}): Promise<unknown> {
    const done = await current.perform(verb, body)
    if (done) sayDone(verb, done)
    if (done?.gone) open(null)
    return done
  }

  function verb(chosen: Verb): void {
    if (!current.busy.value) dialog.value = chosen
  }

  async function begin(): Promise<void> {
    window.addEventListener('popstate', () => { open(readUrl().ticket ?? null, false) })
    try {
      const person = await loadMe()
      live.start(person.entry)
      if (address.ticket) open(address.ticket, false)
      await load()
      await loadCatalogues()
    } catch (failure) {
      tell(failure)
    }
  }

  return {
    group, counts, rows, loading, error, more: computed(() => next.value !== null), current, draft, live, dialog,
    choose, load, loadMore, open: (number) => { open(number) }, verb, perform, begin,
  }
}
