/** What the desk knows of its telephone, message by message. */
import { describe, expect, it } from 'vitest'

import type { Ticket } from '@/api/types'
import { spokenValues } from '@/desk/usePanel'
import { t } from '@/words'

import { hear, silent, type PhoneState } from './calls'
import { expectedWait, numberOf, timer } from './dial'
import { fromSpeech } from './heard'
import type { Agent, Call, Told } from './wire'

const QUEUE = { waiting: 1, longest: 5, expected_wait: null, idle: 1, talking: 0, wrapup: 0, paused: 0, call_backs: 0 }
const agent = (state: Agent['state']): Agent => ({ state, reason: '', since: '2026-11-22T08:00:00Z', until: null, then: '' })
const call = (more: Partial<Call> = {}): Call => ({
  call: 'c1', state: 'ringing', caller: { phone: '138****0000', name: '', tickets: 0, open: [], calls: 0, last_call_at: null }, called: '12345',
  started_at: '2026-11-22T08:00:00Z', waited: 3, skill: '', again: false, ring_until: null, answered_at: null, outgoing: false, muted: false, recording: 'off', ticket: null, outward: false, parties: [], ...more,
})
const whole = (more: object = {}): Told => ({
  type: 'state', version: 1, agent: agent('idle'), call: null, queue: QUEUE, colleagues: [], calls: [], supervising: null, leads: false, joins: false, dials: false, services: [], ...more,
}) as Told
const piece = (number: number, text: string, more: object = {}): Told => ({
  type: 'transcript', call: 'c1', piece: number, side: 'caller', text, start: number, end: number + 1, final: false, ...more,
}) as Told

const after = (...told: Told[]): PhoneState => told.reduce(hear, silent())
const words = (state: PhoneState): string[] => state.pieces.map(({ side, text, final }) => `${side} ${text}${final ? '' : '…'}`)

describe('hear', () => {
  it('keeps a call through a reload: the state says all, its words go on where they were', () => {
    const state = after(whole(), { type: 'ringing', call: call() }, piece(1, '我要反映'), whole({ agent: agent('busy'), call: call({ state: 'talking', ticket: '26' }) }))
    expect([state.agent.state, state.call?.state, state.call?.ticket]).toEqual(['busy', 'talking', '26'])
    expect(words(state)).toEqual(['caller 我要反映…'])
  })

  it('replaces a partial piece by its final one and keeps both sides in the order they spoke', () => {
    const state = after(piece(2, '路'), piece(1, '您好', { side: 'agent', start: 0.5, final: true }), piece(2, '路灯坏了', { final: true }), piece(1, '喂', { start: 0 }))
    expect(words(state)).toEqual(['caller 喂…', 'agent 您好', 'caller 路灯坏了'])
  })

  it('starts a new call with a clean sheet', () => {
    const state = after(piece(1, '旧'), { type: 'speech', call: 'c1', state: 'later' }, { type: 'ringing', call: call({ call: 'c2' }) })
    expect([state.pieces, state.speech, state.wordsOf]).toEqual([[], null, 'c2'])
  })

  it('remembers for the wrap-up how a call ended and which ticket it made', () => {
    const state = after(whole({ call: call({ state: 'talking', ticket: '26' }) }), { type: 'call_over', call: 'c1', outcome: 'caller_hung_up', ticket: null })
    expect([state.call, state.over]).toEqual([null, { call: 'c1', outcome: 'caller_hung_up', ticket: '26' }])
    expect(hear(state, { type: 'ringing', call: call({ call: 'c2' }) }).over).toBe(null)
  })

  it('does not let the end of another call end this one', () => {
    expect(after({ type: 'call', call: call() }, { type: 'call_over', call: 'c9', outcome: 'completed', ticket: null }).call?.call).toBe('c1')
  })

  it('lets the call go with the wrap-up', () => {
    const wrapping = after(
      { type: 'call', call: call({ state: 'talking' }) }, { type: 'call_over', call: 'c1', outcome: 'completed', ticket: '26' },
      { type: 'agent', agent: agent('wrapup') }, { type: 'call', call: call({ state: 'wrapup', ticket: '26' }) },
    )
    expect([wrapping.call?.call, wrapping.over?.outcome]).toEqual(['c1', 'completed'])
    const idle = hear(wrapping, { type: 'agent', agent: agent('idle') })
    expect(idle.call).toBe(null)
    expect(hear(idle, { type: 'call', call: call({ state: 'wrapup' }) }).call).toBe(null)
    expect(after(whole({ call: call({ state: 'wrapup' }) })).call).toBe(null)
  })

  it('stops supervising when the call is gone from the list', () => {
    const row = { call: 'c7', state: 'talking', agent: 'agent1', agent_name: '', caller: '', since: '' }
    const listening = after(whole({ leads: true, calls: [row], supervising: 'c7' }))
    expect(listening.supervising).toBe('c7')
    expect(hear(listening, { type: 'queue', queue: QUEUE, colleagues: [], calls: [row] }).supervising).toBe('c7')
    expect(hear(listening, { type: 'queue', queue: QUEUE, colleagues: [], calls: [] }).supervising).toBe(null)
  })

  it('keeps the latest of what was heard for a field', () => {
    const heard = (field: string, value: string): Told => ({ type: 'suggestion', call: 'c1', field, value, label: '', confidence: 0.8, piece: 1 }) as Told
    const state = after(heard('place', '文昌路'), heard('urgency', 'urgent'), heard('place', '文昌路 12 号'))
    expect(fromSpeech(state.heard)).toEqual({
      values: { urgency: 'urgent', place: { area: null, address: '文昌路 12 号' } }, sure: { place: 0.8, urgency: 0.8 },
    })
  })
})

describe('spokenValues', () => {
  const ticket = (more: Partial<Ticket> = {}): Ticket => ({
    state: 'received', type: '', matter: null, title: '', summary: '', urgency: 'normal', confidential: false, accused: [], place: null, ...more,
  }) as unknown as Ticket
  const heard = { type: 'complaint', urgency: 'urgent', place: { area: null, address: '文昌路' } }

  it('fills an empty draft, and nothing that somebody has decided', () => {
    expect(spokenValues(ticket(), heard)).toEqual(heard)
    const decided = ticket({ type: 'help', urgency: 'urgent', place: { area: 'lh', address: '', lat: null, lng: null } })
    expect(spokenValues(decided, heard)).toEqual({})
    expect(spokenValues(ticket({ state: 'accepted' }), heard)).toEqual({})
  })
})

describe('numbers and times', () => {
  it('shows a length as a telephone does', () => {
    expect([0, 59_900, 61_000, 3_723_000, -5].map(timer)).toEqual(['0:00', '0:59', '1:01', '1:02:03', '0:00'])
  })

  it('says the wait of a new caller in the steps that callers are told', () => {
    const shown = (seconds: number | null): string => { const wait = expectedWait(seconds); return wait ? t(wait.word, { n: wait.n }) : '' }
    expect([null, 0].map(shown)).toEqual(['', ''])
    expect([59, 900].map(shown)).toEqual(['新来电约等不到 1 分钟', '新来电约等 15 分钟以上'])
    expect([60, 90, 150, 240, 450, 899].map(shown)).toEqual([1, 2, 3, 5, 10, 10].map((n) => `新来电约等 ${n} 分钟`))
  })

  it('takes a number as people write it', () => {
    expect(['0757-8312 3456', '+86 138 0000 0000', '（0757）110', '1', 'abc', '12a'].map(numberOf)).toEqual(['075783123456', '+8613800000000', '0757110', null, null, null])
  })
})
