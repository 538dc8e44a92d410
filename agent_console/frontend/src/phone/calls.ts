/** What is known of the telephone now, as a pure function of what the switchboard says. */
import type { Agent, Call, CallRow, Colleague, Heard, Outcome, Piece, QueueNow, Service, SpeechState, Told } from './wire'

export interface Over { call: string; outcome: Outcome; ticket: string | null }

export interface PhoneState {
  agent: Agent
  call: Call | null
  queue: QueueNow
  colleagues: Colleague[]
  calls: CallRow[]
  supervising: string | null
  /** May listen to colleagues; `joins`: and speak into their calls. */
  leads: boolean
  joins: boolean
  /** Citizens can be called from here. */
  dials: boolean
  services: Service[]
  /** The words of the call that is, or was last, at this desk. */
  pieces: Piece[]
  wordsOf: string | null
  speech: SpeechState | null
  heard: Heard[]
  over: Over | null
}

const NOBODY: QueueNow = { waiting: 0, longest: 0, expected_wait: null, idle: 0, talking: 0, wrapup: 0, paused: 0, call_backs: 0 }

export const silent = (): PhoneState => ({
  agent: { state: 'offline', reason: '', since: '', until: null, then: '' },
  call: null, queue: NOBODY, colleagues: [], calls: [], supervising: null, leads: false, joins: false, dials: false, services: [],
  pieces: [], wordsOf: null, speech: null, heard: [], over: null,
})

/** A new call at this desk starts with a clean sheet; the one that is there keeps its words. */
function ofCall(state: PhoneState, call: string): PhoneState {
  return state.wordsOf === call ? state : { ...state, wordsOf: call, pieces: [], speech: null, heard: [] }
}

function withPiece(pieces: Piece[], piece: Piece): Piece[] {
  const index = pieces.findIndex((known) => known.piece === piece.piece && known.side === piece.side)
  if (index >= 0) return pieces.map((known, at) => (at === index ? piece : known))
  const after = pieces.findIndex((known) => known.start > piece.start)
  return after < 0 ? [...pieces, piece] : [...pieces.slice(0, after), piece, ...pieces.slice(after)]
}

/** A call that is over stays as long as its wrap-up. */
const wrapped = (call: Call | null, agent: Agent): Call | null => (call?.state === 'wrapup' && agent.state !== 'wrapup' ? null : call)

/** A call that is supervised until it is gone. */
const still = (supervising: string | null, calls: CallRow[]): string | null =>
  (calls.some((row) => row.call === supervising) ? supervising : null)

const withHeard = (all: Heard[], heard: Heard): Heard[] => [...all.filter((known) => known.field !== heard.field), heard]

export function hear(state: PhoneState, told: Told): PhoneState {
  switch (told.type) {
    case 'state': {
      const { agent, call, queue, colleagues, calls, supervising, leads, joins, dials, services } = told
      const fresh = { ...state, agent, call: wrapped(call, agent), queue, colleagues, calls, supervising, leads, joins, dials, services }
      return call && call.state !== 'wrapup' ? { ...ofCall(fresh, call.call), over: null } : fresh
    }
    case 'agent':
      return { ...state, agent: told.agent, call: wrapped(state.call, told.agent) }
    case 'ringing':
    case 'call':
      if (told.call.state === 'wrapup') return { ...ofCall(state, told.call.call), call: wrapped(told.call, state.agent) }
      return { ...ofCall(state, told.call.call), call: told.call, over: null }
    case 'call_over': {
      const { call, outcome, ticket } = told
      if (state.supervising === call) return { ...state, supervising: null }
      if (state.call?.call !== call) return state
      return { ...state, call: null, over: { call, outcome, ticket: ticket ?? state.call.ticket } }
    }
    case 'queue':
      return { ...state, queue: told.queue, colleagues: told.colleagues, calls: told.calls, supervising: still(state.supervising, told.calls) }
    case 'transcript': {
      const { piece, side, text, start, end, final, call } = told
      const known = ofCall(state, call)
      return { ...known, pieces: withPiece(known.pieces, { piece, side, text, start, end, final }) }
    }
    case 'speech':
      return { ...ofCall(state, told.call), speech: told.state }
    case 'suggestion': {
      const { field, value, label, confidence, piece, call } = told
      const known = ofCall(state, call)
      return { ...known, heard: withHeard(known.heard, { field, value, label, confidence, piece }) }
    }
    default:
      return state
  }
}
