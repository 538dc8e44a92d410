/** Live events carry codes without labels; here they become rows as the lists know them. */
import type { DueLevel, LiveSummary, TicketRow } from '@/api/types'
import { tCode } from '@/words'

const DAY_MS = 86_400_000

/** A first estimate until the row is read again: the server counts working days. */
function levelOf(due: string | null | undefined, now: number): DueLevel {
  if (!due) return 'none'
  const rest = Date.parse(due) - now
  if (rest < 0) return 'late'
  return rest < DAY_MS ? 'soon' : 'ok'
}

export function rowFrom(summary: LiveSummary, known: TicketRow | undefined, entry: number, now: number): TicketRow {
  const blank: Partial<TicketRow> = { citizen: null, assisting: [], assisting_names: [], allowed: [], matter_path: null, due_at: null, call_back: '', set_aside: false, partner: '', partner_reference: '' }
  const merged = { ...blank, ...known, ...summary, last_entry: entry } as TicketRow
  merged.state_label = tCode('state', merged.state, merged.state_label)
  merged.type_label = merged.type ? tCode('type', merged.type) : ''
  if (known?.version !== merged.version) merged.clock = null // what is due from the reader is known again when the row is read
  if (merged.due_at !== known?.due_at || !known) merged.due_level = levelOf(merged.due_at, now)
  return merged
}
