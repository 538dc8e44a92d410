/** What the desk decides by itself: which queue a ticket belongs to, and what the assistant may fill in. */
import { describe, expect, it } from 'vitest'

import type { Suggestion, Ticket, TicketRow } from '@/api/types'

import { suggestedValues } from './usePanel'
import { belongs } from './useQueue'

const row = (more: Partial<TicketRow>): TicketRow => ({ state: 'received', holder: null, ...more }) as TicketRow

const suggestion: Suggestion = {
  type: [{ code: 'complaint', name: '投诉', confidence: 0.9, reasons: [] }],
  matter: [{ code: '0101', name: '夜间施工噪音', confidence: 0.9, reasons: [] }],
  departments: [], urgency: { level: 'urgent', reasons: [] }, place: { area: 'lh', address: null, text: '翠屏路', lat: null, lng: null },
  similar: [], title: '夜间施工', summary: '夜间施工噪音。', abstain: false, ready: true,
}

const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  state: 'received', type: '', matter: null, title: '', summary: '', urgency: 'normal', place: { area: null, address: '', lat: null, lng: null }, ...more,
}) as Ticket

describe('belongs', () => {
  it('knows the queues that follow from the row and leaves the others to the server', () => {
    expect(belongs('pending', row({}), 'agent1')).toBe(true)
    expect(belongs('to_dispatch', row({}), 'agent1')).toBe(false)
    expect(belongs('to_review', row({ state: 'return_review' }), 'agent1')).toBe(true)
    expect(belongs('mine', row({ state: 'accepted', holder: { username: 'agent1', name: '' } }), 'agent1')).toBe(true)
    expect(belongs('mine', row({ state: 'closed', holder: { username: 'agent1', name: '' } }), 'agent1')).toBe(false)
    expect(belongs('supervised', row({ supervision_level: 2 }), 'agent1')).toBe(true)
    expect(belongs('supervised', row({}), 'agent1')).toBe(null)
  })
})

describe('suggestedValues', () => {
  it('fills what the ticket does not say yet', () => {
    expect(suggestedValues(ticket(), suggestion)).toEqual({
      type: 'complaint', matter: '0101', title: '夜间施工', summary: '夜间施工噪音。', urgency: 'urgent', place: { area: 'lh', address: '翠屏路' },
    })
  })

  it('leaves alone what people decided, and everything after acceptance', () => {
    const decided = ticket({ type: 'help', matter: '0302', title: '积水', summary: '路口积水。', urgency: 'urgent', place: { area: 'nh', address: '码头路', lat: null, lng: null } })
    expect(suggestedValues(decided, suggestion)).toEqual({})
    expect(suggestedValues(ticket({ state: 'accepted' }), suggestion)).toEqual({})
  })

  it('names no matter when it is not sure', () => {
    expect(suggestedValues(ticket(), { ...suggestion, abstain: true }).matter).toBeUndefined()
  })
})
