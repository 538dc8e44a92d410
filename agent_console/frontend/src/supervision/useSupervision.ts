/** The supervisor's figures and the list of what is late or nearly so, refreshed as tickets move. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { fetchSupervision, fetchTickets } from '@/api/calls'
import type { Supervision, TicketRow, Verb } from '@/api/types'
import { useLive, type Live } from '@/live/useLive'
import { say, tell } from '@/shell/boot'
import { loadCatalogues, loadMe } from '@/shell/session'
import { readUrl, writeUrl } from '@/shell/urlState'
import { useTicket, type OpenTicket } from '@/ticket/useTicket'
import { specOf } from '@/ticket/verbs'
import { t } from '@/words'

export interface SupervisionScreen {
  figures: ShallowRef<Supervision | null>
  pressing: ShallowRef<TicketRow[]>
  unit: Ref<string | null>
  error: ShallowRef<unknown>
  readAt: Ref<string>
  live: Live
  current: OpenTicket
  dialog: Ref<Verb | null>
  load: () => Promise<void>
  narrow: (code: string | null) => void
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
  const dialog = ref<Verb | null>(null)
  const current = useTicket(() => { void load() })
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

  function narrow(code: string | null): void {
    unit.value = code
    writeUrl({ department: code })
    void load()
  }

  async function perform(verb: Verb, body: Record<string, unknown> = {}): Promise<unknown> {
    const done = await current.perform(verb, body)
    if (done) say(t('done', { verb: t(specOf(verb).label), state: done.state_label }))
    return done
  }

  async function begin(): Promise<void> {
    try {
      const person = await loadMe()
      live.start(person.entry)
      await load()
      await loadCatalogues()
    } catch (failure) {
      tell(failure)
    }
  }

  return { figures, pressing, unit, error, readAt, live, current, dialog, load, narrow, perform, begin }
}
