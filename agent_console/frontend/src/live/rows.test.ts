/** Rows out of live events. */
import { describe, expect, it } from 'vitest'

import type { LiveSummary, TicketRow } from '@/api/types'

import { rowFrom } from './rows'

const now = Date.parse('2026-11-21T12:00:00Z')
const summary: LiveSummary = { number: '1', state: 'handling', type: 'complaint', version: 3, due_at: '2026-11-21T13:00:00Z' }

describe('rowFrom', () => {
  it('names the codes and estimates the clock of a ticket it never saw', () => {
    const row = rowFrom(summary, undefined, 7, now)
    expect([row.state_label, row.type_label, row.due_level, row.last_entry, row.assisting]).toEqual(['办理中', '投诉', 'soon', 7, []])
  })

  it('keeps what the event does not carry, and the level that the server reckoned', () => {
    const known = { ...rowFrom(summary, undefined, 7, now), due_level: 'ok', citizen: { name: '陈*', phone: '138' } } as TicketRow
    const row = rowFrom({ number: '1', state: 'answer_review' }, known, 9, now)
    expect([row.state_label, row.due_level, row.citizen?.name, row.version, row.last_entry]).toEqual(['已反馈待审核', 'ok', '陈*', 3, 9])
  })
})
