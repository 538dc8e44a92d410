/** What the switchboard and this browser say to each other (`wire_desk.py` is the truth); version 1. */

export const VERSION = 1
export const RATE = 16_000
export const FRAME_SAMPLES = 320
export const FRAME_BYTES = 640

export type AgentState = 'offline' | 'idle' | 'ringing' | 'busy' | 'held' | 'wrapup' | 'paused'
export type CallState = 'ringing' | 'dialling' | 'talking' | 'held' | 'consulting' | 'conference' | 'wrapup'
/** The last four end calls of ours that nobody answered. */
export type Outcome =
  | 'completed' | 'caller_hung_up' | 'rejected' | 'not_answered' | 'abandoned' | 'transferred' | 'failed'
  | 'no_answer' | 'busy' | 'cancelled' | 'unreachable'
export type Side = 'caller' | 'agent'

/** `until` ends the wrap-up, `then` is what follows the call. */
export interface Agent { state: AgentState; reason: string; since: string; until: string | null; then: '' | 'offline' | 'paused' }

export interface OpenTicket { number: string; title: string; state: string; state_label: string; created_at: string }

export interface Caller { phone: string; name: string; tickets: number; open: OpenTicket[]; calls: number; last_call_at: string | null }

export interface Party { role: 'agent' | 'outside' | 'supervisor'; name: string; state: 'ringing' | 'talking' }

export interface Call {
  call: string
  state: CallState
  caller: Caller
  called: string
  started_at: string
  /** Seconds in the queue. */
  waited: number
  skill: string
  again: boolean
  ring_until: string | null
  answered_at: string | null
  /** We called them. */
  outgoing: boolean
  muted: boolean
  recording: 'on' | 'paused' | 'off'
  ticket: string | null
  /** The caller could be given to a number outside; without it, to colleagues only. */
  outward: boolean
  parties: Party[]
}

export interface QueueNow {
  waiting: number
  longest: number
  expected_wait: number | null
  idle: number
  talking: number
  wrapup: number
  paused: number
  /** Open tasks of calling back. */
  call_backs: number
}

export interface Colleague { username: string; name: string; state: string }

/** An emergency service that a caller can be handed to: its number and its name. */
export interface Service { code: string; name: string; name_en: string }

/** A call in progress, as leads see it. */
export interface CallRow { call: string; state: string; agent: string; agent_name: string; caller: string; since: string }

export interface Piece { piece: number; side: Side; text: string; start: number; end: number; final: boolean }

export type FieldHeard = 'name' | 'place' | 'occurred_at' | 'matter' | 'type' | 'urgency' | 'title'
export interface Heard { field: FieldHeard; value: string; label: string; confidence: number; piece: number | null }

export type SpeechState = 'live' | 'later' | 'none'

export type Target =
  | { kind: 'agent'; username: string }
  | { kind: 'number'; number: string }
  | { kind: 'queue'; skill: string }

export type Order =
  | { type: 'ready' } | { type: 'pause'; reason: string } | { type: 'leave' } | { type: 'wrapup_done' }
  | { type: 'answer' | 'reject' | 'hang_up' | 'hold' | 'unhold'; call: string }
  | { type: 'complete_transfer' | 'cancel_consult' | 'conference'; call: string }
  | { type: 'listen' | 'whisper' | 'barge' | 'stop_listening'; call: string }
  | { type: 'mute' | 'pause_recording'; call: string; on: boolean }
  | { type: 'transfer' | 'consult'; call: string; to: Target }
  | { type: 'keys'; call: string; digits: string }
  | { type: 'hand_over'; call: string; service: string }
  | { type: 'call_back'; task: number } | { type: 'call_citizen'; ticket: string }

export type Told =
  | {
    type: 'state'; version: number; agent: Agent; call: Call | null; queue: QueueNow; colleagues: Colleague[]; calls: CallRow[]
    supervising: string | null; leads: boolean; joins: boolean; dials: boolean; services: Service[]
  }
  | { type: 'agent'; agent: Agent }
  | { type: 'ringing' | 'call'; call: Call }
  | { type: 'call_over'; call: string; outcome: Outcome; ticket: string | null }
  | { type: 'queue'; queue: QueueNow; colleagues: Colleague[]; calls: CallRow[] }
  | ({ type: 'transcript'; call: string } & Piece)
  | { type: 'speech'; call: string; state: SpeechState }
  | ({ type: 'suggestion'; call: string } & Heard)
  | { type: 'done'; id: string }
  | { type: 'refused'; id: string; code: string; message: string }
  | { type: 'error'; message: string }
