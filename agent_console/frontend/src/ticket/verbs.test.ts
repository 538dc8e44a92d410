/** The next step of a ticket and the bodies that dialogs send. */
import { describe, expect, it } from 'vitest'

import type { Ticket, Verb } from '@/api/types'

import { bodyOf, missing, otherVerbs, primaryVerb, specOf } from './verbs'

function ticket(allowed: Verb[], more: Partial<Ticket> = {}): Ticket {
  return { allowed, extensions: [], followups: [], rating: null, returns: [], ...more } as unknown as Ticket
}

describe('primaryVerb', () => {
  it('follows the state', () => {
    expect(primaryVerb(ticket(['note', 'edit', 'accept', 'refuse']))).toBe('accept')
    expect(primaryVerb(ticket(['dispatch', 'answer-directly', 'merge']))).toBe('dispatch')
    expect(primaryVerb(ticket(['note']))).toBe(null)
  })

  it('offers a ruling on an extension only while one is asked for', () => {
    const allowed: Verb[] = ['rule-on-extension', 'answer']
    const asked = { id: 1, working_days: 3, reason: '', state: 'requested', requested_at: '' }
    expect(primaryVerb(ticket(allowed))).toBe('answer')
    expect(primaryVerb(ticket(allowed, { extensions: [asked] }))).toBe('rule-on-extension')
  })

  it('calls back before it closes', () => {
    const allowed: Verb[] = ['follow-up', 'close', 'rework']
    expect(primaryVerb(ticket(allowed))).toBe('follow-up')
    expect(primaryVerb(ticket(allowed, { rating: { score: 5, label: '', note: '' } }))).toBe('close')
  })

  it('keeps what has its own place out of the menu', () => {
    expect(otherVerbs(ticket(['accept', 'edit', 'reply', 'refuse', 'note']))).toEqual(['refuse', 'note'])
  })
})

describe('bodyOf', () => {
  it('leaves hidden and empty fields out and nests the contact record', () => {
    const values = {
      public: '已清理', internal: '', solved: true, contacted_now: true,
      'contacted.whom': '陈女士', 'contacted.at': '2026-11-21T04:00:00Z', 'contacted.number': '0757',
    }
    expect(bodyOf(specOf('answer'), values)).toEqual({
      public: '已清理', solved: true, contacted: { whom: '陈女士', at: '2026-11-21T04:00:00Z', number: '0757' },
    })
    expect(bodyOf(specOf('answer'), { ...values, contacted_now: false })).toEqual({ public: '已清理', solved: true })
  })

  it('keeps a no', () => {
    expect(bodyOf(specOf('follow-up'), { reached: false, satisfied: 5 })).toEqual({ reached: false })
  })
})

describe('missing', () => {
  it('asks for a reason only when an answer is sent back', () => {
    expect(missing(specOf('review'), {})).toEqual(['approved'])
    expect(missing(specOf('review'), { approved: true })).toEqual([])
    expect(missing(specOf('review'), { approved: false })).toEqual(['note'])
  })
})
