/** The shapes of REST v1 that the staff screens read and send. */
import type { Alarm, UnitPromise } from './alarms'
import type { Child, Consultation, Extension, Order, SetAside, Suspension } from './beside'

export type * from './beside'
export type * from './figures'

export type Verb =
  | 'accept' | 'edit' | 'reply' | 'answer-directly' | 'request-info' | 'refuse' | 'emergency' | 'dispatch'
  | 'sign' | 'contact' | 'return' | 'rule-on-return' | 'request-extension' | 'rule-on-extension' | 'suspend'
  | 'resume' | 'answer' | 'review' | 'follow-up' | 'rework' | 'close' | 'archive' | 'merge' | 'urge'
  | 'supervise' | 'note' | 'withdraw' | 'recall' | 'assist' | 'release' | 'pass-down' | 'pass-up' | 'relay' | 'recuse'
  | 'opinion' | 'answer-order' | 'end-supervision' | 'unmerge' | 'split' | 'set-aside' | 'rule-on-set-aside'

export type State =
  | 'received' | 'awaiting_info' | 'accepted' | 'dispatched' | 'handling' | 'return_review' | 'suspended'
  | 'answer_review' | 'follow_up' | 'rework' | 'closed' | 'archived' | 'refused' | 'emergency' | 'merged'
  | 'withdrawn'

export type DueLevel = 'none' | 'ok' | 'soon' | 'late'
export type QueueName = 'pending' | 'mine' | 'to_dispatch' | 'to_review' | 'to_follow_up' | 'supervised'
export type PortalGroup = 'to_sign' | 'handling' | 'consultation' | 'return_refused' | 'extension' | 'awaiting_info' | 'done'
export type WorkState = 'offline' | 'idle' | 'busy' | 'wrapup'

export interface Me {
  username: string
  display_name: string
  role: string
  department: { code: string; name: string } | null
  capabilities: string[]
  language: string
  /** The channels of this installation, named in the reader's language. */
  channels: { slug: string; label: string; short_messages: boolean }[]
  /** Where the live feed stands: lists loaded after this answer miss nothing that follows it. */
  entry: number
  city: string
  agent_state: WorkState
  agent_state_reason: string
  today: { answered: number; dispatched: number; mean_handling_seconds: number | null }
}

export interface Place {
  area: string | null
  area_name?: string | null
  address: string | null
  lat: number | null
  lng: number | null
}

export interface TicketRow {
  number: string
  public_code: string
  state: State
  state_label: string
  type: string | null
  type_label: string | null
  matter: string | null
  matter_name: string | null
  matter_path: string | null
  title: string
  text: string
  summary: string
  channel: string
  source: string
  urgency: 'normal' | 'urgent' | 'critical'
  confidential: boolean
  enterprise: boolean
  place: Place | null
  citizen: { name: string; phone: string } | null
  department: string | null
  department_name: string | null
  assisting: string[]
  assisting_names: string[]
  holder: { username: string; name: string } | null
  version: number
  created_at: string
  updated_at: string
  due_at: string | null
  due_level: DueLevel
  /** What the reader must do first about it; null when nothing is due from them. */
  clock: PressingClock | null
  last_entry: number | null
  unread: boolean
  supervision_level?: number
  /** How many tickets were merged into it, and whether that makes a crowd. */
  children_count?: number
  crowd?: boolean
  /** Why the citizen is called back: by rule (due), by lot (sampled), or not at all. */
  call_back: '' | 'due' | 'sampled'
  set_aside: boolean
  /** The emergency service that took it, and its number there. */
  partner: string
  partner_reference: string
  allowed: Verb[]
}

export interface Attachment {
  id: number | string
  url: string
  /** What a browser plays: the file itself, or a copy of a voice that no browser plays. */
  play_url: string
  content_type: string
  filename: string
  size: number
  duration: number | null
  purpose?: 'citizen' | 'identity' | 'contact' | 'handling' | 'as_spoken' | 'follow_up'
}

export interface Message {
  id: number
  direction: 'in' | 'out' | 'internal'
  kind: 'text' | 'voice' | 'image' | 'location' | 'link' | 'file' | 'event'
  text: string
  transcript: string
  transcript_state: 'none' | 'pending' | 'done' | 'no_model' | 'failed'
  attachment: Attachment | null
  place: Place | null
  channel: string
  author: string
  at: string
  delivery: 'none' | 'queued' | 'sent' | 'failed'
  delivery_error: string
  /** The call whose recording this is, and what was said in it; numbers read out are hidden in both. */
  call?: string | null
  pieces?: SpokenPiece[]
}

export interface SpokenWord { text: string; start: number; end: number; hidden: boolean }
/** One utterance of one side of a call; seconds from the start of its recording. */
export interface SpokenPiece { number: number; side: 'caller' | 'agent'; text: string; start: number; end: number; words: SpokenWord[] }

/** The yellow or red card that a clock has shown. */
export type Card = '' | 'yellow' | 'red'

export interface PressingClock {
  name: string
  label: string
  due_at: string
  level: DueLevel
  card: Card
}

/** A clock that a dispatch would start. */
export interface Term {
  name: string
  label: string
  due_at: string
  level: DueLevel
  provisional: boolean
  rule: string
  explanation: string[]
}

/** A running clock; `level` is none while it stands still. */
export interface Clock extends Term, PressingClock {
  department: string | null
  department_name: string | null
  started_at: string
  paused: boolean
}

export interface Assignment {
  id: number
  department: string
  department_name: string
  role: 'lead' | 'assisting'
  state: string
  /** The unit above that passed the part down. */
  passed_from: string | null
  passed_from_name: string | null
  signed_at: string | null
  auto_signed: boolean
  contacted_at: string | null
  contacted_whom: string
  /** Masked; empty where none was given, and on a protected ticket. */
  contacted_number: string
  answered_at: string | null
  due_at: string | null
  public_answer: string
  internal_answer: string
}

export interface ReturnRequest {
  id: number
  reason: string
  reason_label?: string
  basis: string
  proposed_department: string | null
  proposed_department_name?: string | null
  note: string
  upheld: boolean | null
  ruling_note?: string
  at: string
}

export interface Draft {
  reply?: string
  answer?: string
  fields?: Record<string, unknown>
}

export interface Ticket extends TicketRow {
  /** The verb has taken it out of the asker's sight; nothing else of it is told then. */
  gone?: boolean
  messages: Message[]
  attachments?: Attachment[]
  assignments: Assignment[]
  clocks: Clock[]
  rating: { score: number; label: string; note: string } | null
  followups: { reached: boolean; solved: boolean | null; satisfied: number | null; note: string; at: string }[]
  returns: ReturnRequest[]
  extensions: Extension[]
  /** The units complained of: neither they nor those below may handle it. */
  accused: { code: string; name: string }[]
  /** Until then the desk can take an automatic dispatch back. */
  recall_until: string | null
  suspensions: Suspension[]
  consultation: Consultation | null
  supervisions: Order[]
  urgings: number
  last_urged_at: string | null
  children: Child[]
  split_from: string | null
  split_off: Child[]
  set_asides: SetAside[]
  returns_final?: boolean
  merged_into?: string | null
  draft: Draft | null
  reply_channel: {
    slug: string
    label: string
    can_push: boolean
    window_ends_at: string | null
    note: string
    max_text?: number | null
  } | null
  related: TicketRow[]
  alarms?: Alarm[]
  promises?: UnitPromise[]
}

export interface Reason { kind: 'word' | 'catalogue' | 'place' | 'similar' | 'rule'; text: string; weight: number }
export interface Choice { code: string; name: string; confidence: number; reasons: Reason[] }

/** A unit that may lead, with those that usually assist it. */
export interface UnitChoice extends Choice { assisting: { code: string; name: string }[] }

/** An article of the knowledge base. */
export interface Article { id: number; title: string; body: string; basis: string; audience: 'everybody' | 'staff'; owner: string; valid_from: string; valid_until: string | null }

export interface Suggestion {
  type: Choice[]
  matter: Choice[]
  departments: UnitChoice[]
  urgency: { level: 'normal' | 'urgent' | 'critical'; reasons: Reason[] } | null
  place: (Place & { text?: string }) | null
  similar: { number: string; title: string; department: string; department_name: string; state: string; answer: string }[]
  title: string
  summary: string
  abstain: boolean
  ready: boolean
}

export interface LedgerLine {
  actor?: string
  entry: number
  kind: string
  kind_label: string
  at: string
  by: string | null
  by_name: string | null
  data: Record<string, unknown>
}

/** A unit below the reader's own that the catalogue lets do a ticket, with the line's basis. */
export interface LowerUnit { code: string; name: string; level: string; level_label: string; basis: string }

export interface Page<T> { results: T[]; next: string | null }
export interface Department { code: string; name: string; parent: string | null; level: string; kind: string }
export interface Matter { code: string; name: string; parent: string | null; path: string }
export interface Area { code: string; name: string; parent: string | null; level: string }
export interface CodeLabel { code: string; label: string }
export type ListName = 'return' | 'extension' | 'suspension' | 'refusal' | 'set_aside' | 'supervision' | 'emergency'
export interface ListEntry extends CodeLabel { basis: string; door: string }

export interface Problem {
  type?: string
  title: string
  status: number
  detail?: string
  errors?: Record<string, string[]>
  allowed?: Verb[]
  ticket?: Ticket
}

/** A ticket inside a live event: what every viewer may know; `gone` when it has left this viewer's sight. */
export type LiveSummary = Pick<TicketRow, 'number'> & Partial<TicketRow> & { gone?: boolean }
export interface LiveEvent { entry: number; kind: string; ticket: LiveSummary; at: string }
export interface Presence { number: string; people: { username: string; name: string; typing?: boolean }[] }
