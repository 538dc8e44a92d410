/** The next step of a ticket and the bodies that dialogs send. */
import { describe, expect, it } from 'vitest'

import type { Ticket, Verb } from '@/api/types'

import { menuOf, otherVerbs, primaryVerb, secondVerb } from './foot'
import { bodyOf, missing, specOf } from './verbs'

function ticket(allowed: Verb[], more: Partial<Ticket> = {}): Ticket {
  return { allowed, state: 'handling', extensions: [], followups: [], rating: null, returns: [], clocks: [], call_back: '', consultation: null, ...more } as unknown as Ticket
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
    const call = { reached: true, solved: false, satisfied: 2, note: '', at: '' }
    expect(primaryVerb(ticket(allowed))).toBe('follow-up')
    expect(primaryVerb(ticket(allowed, { rating: { score: 5, label: '', note: '' } }))).toBe('close')
    expect(primaryVerb(ticket(allowed, { rating: { score: 1, label: '', note: '' }, call_back: 'due' }))).toBe('follow-up')
    expect(primaryVerb(ticket(allowed, { followups: [call], call_back: 'due' }))).toBe('rework')
    expect(primaryVerb(ticket(allowed, { followups: [{ ...call, solved: true, satisfied: 5 }] }))).toBe('close')
  })

  it('puts what the list is about first', () => {
    expect(primaryVerb(ticket(['archive', 'rule-on-set-aside']))).toBe('rule-on-set-aside')
    expect(primaryVerb(ticket(['follow-up', 'rule-on-set-aside']))).toBe('follow-up')
    expect(primaryVerb(ticket(['follow-up', 'rule-on-set-aside']), { prefer: 'rule-on-set-aside' })).toBe('rule-on-set-aside')
    expect(primaryVerb(ticket(['follow-up']), { prefer: 'rule-on-set-aside' })).toBe('follow-up')
  })

  it('asks a unit for its opinion until it has said it', () => {
    const said = { department: 'urban', department_name: '', text: '', by_name: '', at: '' }
    const heard = { units: [], opinions: [said], opened_at: '', ruled_at: null, ruling: '', department_name: null }
    const asked = ticket(['opinion', 'note'], { state: 'return_review', consultation: heard })
    expect(primaryVerb(asked, { unit: 'traffic' })).toBe('opinion')
    expect(primaryVerb(asked, { unit: 'urban' })).toBe(null)
  })

  it('keeps what has its own place out of the menu', () => {
    expect(otherVerbs(ticket(['accept', 'edit', 'reply', 'refuse', 'note']))).toEqual(['refuse', 'note'])
  })
})

describe('the foot', () => {
  it('has words for what somebody waits for, and groups the rest', () => {
    const allowed: Verb[] = ['answer', 'contact', 'answer-order', 'request-extension', 'note', 'recuse', 'pass-down']
    const at = ticket(allowed, { clocks: [{ name: 'contact' }] as Ticket['clocks'] })
    expect(secondVerb(at)).toBe('answer-order')
    expect(menuOf(at)).toEqual([['handling', ['contact', 'pass-down']], ['court', ['request-extension']], ['record', ['recuse', 'note']]])
    expect(secondVerb(ticket(['answer', 'contact', 'note']))).toBe('note')
  })
})

describe('a consultation', () => {
  it('is ruled on by naming the unit, which says whether the return is upheld', () => {
    const heard = { units: [], opinions: [], opened_at: '', ruled_at: null, ruling: '', department_name: null }
    const asked = ticket(['rule-on-return'], { department: 'urban', consultation: heard })
    const spec = specOf('rule-on-return', asked)
    expect(spec.fields.map((field) => field.name)).toEqual(['department', 'note'])
    expect(bodyOf(spec, { department: 'urban', note: '三定' }, asked)).toEqual({ department: 'urban', note: '三定', upheld: false })
    expect(bodyOf(spec, { department: 'traffic', note: '三定' }, asked)).toEqual({ department: 'traffic', note: '三定', upheld: true })
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
