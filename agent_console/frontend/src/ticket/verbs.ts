/** Every verb a person may use: its form, its icon, its weight; screens draw menus and dialogs from this table. */
import {
  ArrowRightLeft, BellRing, Check, CheckCheck, CircleSlash, ClipboardCheck, Flag, GitMerge, Hourglass, MessageCircleQuestion,
  MessageSquareReply, Pause, PenLine, PhoneCall, PhoneForwarded, Play, RotateCcw, Send, Siren, StickyNote, Stamp, Undo2, Archive, Ban,
  CornerLeftUp, CornerRightDown, EyeOff, FileMinus, FlagOff, GitPullRequestClosed, MessagesSquare, Reply, Scale, Split, UserMinus, Users,
} from '@lucide/vue'
import type { Component } from 'vue'

import type { ListEntry, ListName, Ticket, Verb } from '@/api/types'
import type { Word } from '@/words/zh'

export type FieldKind =
  | 'text' | 'long' | 'department' | 'departments' | 'listed' | 'yesno' | 'days' | 'moment' | 'ticket' | 'satisfaction'
  | 'helper' | 'lower' | 'pieces'

export interface Field {
  name: string
  kind: FieldKind
  label: Word
  required?: boolean
  hint?: Word
  /** For kind listed: which closed list. */
  list?: ListName
  /** For kind listed: which entries can be chosen for this ticket. */
  among?: (entry: ListEntry, ticket: Ticket) => boolean
  /** For kind listed: what the chosen entry fills in for a start. */
  fills?: (entry: ListEntry) => Record<string, unknown>
  /** Shown only while this holds for what was filled in so far. */
  when?: (values: Record<string, unknown>) => boolean
  start?: (ticket: Ticket) => unknown
}

export interface VerbSpec {
  verb: Verb
  icon: Component
  label: Word
  fields: Field[]
  danger?: boolean
  /** Sent to the citizen in these words; the dialog says so. */
  told?: boolean
  /** What proves it can be handed in with it. */
  evidence?: boolean
  /** What follows from the form and the ticket and is not asked. */
  implied?: (values: Record<string, unknown>, ticket: Ticket) => Record<string, unknown>
}

const note = (required = false): Field => ({ name: 'note', kind: 'long', label: 'field.note', required })
const reason: Field = { name: 'reason', kind: 'long', label: 'field.reason', required: true }
const contacted = (values: Record<string, unknown>): boolean => values.contacted_now === true
const reached = (values: Record<string, unknown>): boolean => values.reached === true

const SPECS: VerbSpec[] = [
  { verb: 'accept', icon: Check, label: 'verb.accept', fields: [] },
  { verb: 'edit', icon: PenLine, label: 'verb.edit', fields: [] },
  { verb: 'reply', icon: MessageSquareReply, label: 'verb.reply', fields: [{ name: 'text', kind: 'long', label: 'field.reply', required: true }], told: true },
  {
    verb: 'dispatch', icon: Send, label: 'verb.dispatch', fields: [
      { name: 'department', kind: 'department', label: 'field.lead_unit', required: true },
      { name: 'assisting', kind: 'departments', label: 'field.assisting' }, note(),
    ],
  },
  {
    verb: 'answer-directly', icon: MessageSquareReply, label: 'verb.answer-directly', told: true,
    fields: [{ name: 'public', kind: 'long', label: 'field.public_answer', required: true }],
  },
  {
    verb: 'request-info', icon: MessageCircleQuestion, label: 'verb.request-info', told: true,
    fields: [{ name: 'question', kind: 'long', label: 'field.question', required: true }],
  },
  {
    verb: 'refuse', icon: Ban, label: 'verb.refuse', danger: true, told: true, fields: [
      {
        name: 'code', kind: 'listed', list: 'refusal', label: 'field.refuse_reason', required: true,
        fills: (entry) => ({ reason: entry.label, door: entry.door }),
      },
      { name: 'reason', kind: 'text', label: 'field.refuse_words', required: true },
      { name: 'door', kind: 'text', label: 'field.door', required: true, hint: 'hint.door' },
    ],
  },
  {
    verb: 'emergency', icon: Siren, label: 'verb.emergency', danger: true, fields: [
      { name: 'service', kind: 'listed', list: 'emergency', label: 'field.service', required: true },
      { name: 'reference', kind: 'text', label: 'field.reference' }, note(),
    ],
  },
  { verb: 'recall', icon: Undo2, label: 'verb.recall', fields: [note()] },
  {
    verb: 'assist', icon: Users, label: 'verb.assist',
    fields: [{ name: 'assisting', kind: 'departments', label: 'field.assisting', required: true }, note()],
  },
  {
    verb: 'release', icon: UserMinus, label: 'verb.release',
    fields: [{ name: 'department', kind: 'helper', label: 'field.assisting', required: true }, note()],
  },
  { verb: 'sign', icon: Stamp, label: 'verb.sign', fields: [] },
  {
    verb: 'contact', icon: PhoneCall, label: 'verb.contact', fields: [
      { name: 'whom', kind: 'text', label: 'field.whom', required: true, start: (ticket) => ticket.citizen?.name ?? '' },
      { name: 'at', kind: 'moment', label: 'field.contacted_at', required: true, start: () => new Date().toISOString() },
      { name: 'number', kind: 'text', label: 'field.number', hint: 'hint.number' },
    ],
  },
  {
    verb: 'relay', icon: EyeOff, label: 'verb.relay', told: true,
    fields: [{ name: 'text', kind: 'long', label: 'field.reply', required: true, hint: 'hint.relay' }],
  },
  {
    verb: 'pass-down', icon: CornerRightDown, label: 'verb.pass-down',
    fields: [{ name: 'department', kind: 'lower', label: 'field.lower_unit', required: true, hint: 'hint.pass_down' }, note()],
  },
  { verb: 'pass-up', icon: CornerLeftUp, label: 'verb.pass-up', fields: [note(true)] },
  {
    verb: 'return', icon: Undo2, label: 'verb.return', fields: [
      { name: 'reason', kind: 'listed', list: 'return', label: 'field.return_reason', required: true },
      { name: 'basis', kind: 'long', label: 'field.basis', required: true, hint: 'hint.basis' },
      { name: 'proposed_department', kind: 'department', label: 'field.proposed' }, note(),
    ],
  },
  {
    verb: 'rule-on-return', icon: ClipboardCheck, label: 'verb.rule-on-return', fields: [
      { name: 'upheld', kind: 'yesno', label: 'field.upheld', required: true, hint: 'hint.upheld' },
      {
        name: 'department', kind: 'department', label: 'field.moved_to', when: (values) => values.upheld === true,
        start: (ticket) => ticket.returns.at(-1)?.proposed_department ?? undefined,
      },
      note(true),
    ],
  },
  { verb: 'opinion', icon: MessagesSquare, label: 'verb.opinion', fields: [{ name: 'text', kind: 'long', label: 'field.opinion', required: true }] },
  {
    verb: 'request-extension', icon: Hourglass, label: 'verb.request-extension', fields: [
      { name: 'working_days', kind: 'days', label: 'field.working_days', required: true, start: () => 5 },
      { name: 'code', kind: 'listed', list: 'extension', label: 'field.cause', required: true }, reason,
    ],
  },
  {
    verb: 'rule-on-extension', icon: ClipboardCheck, label: 'verb.rule-on-extension', fields: [
      { name: 'granted', kind: 'yesno', label: 'field.granted', required: true },
      {
        name: 'working_days', kind: 'days', label: 'field.working_days', when: (values) => values.granted === true,
        start: (ticket) => ticket.extensions.at(-1)?.working_days,
      },
      note(true),
    ],
  },
  {
    verb: 'suspend', icon: Pause, label: 'verb.suspend', fields: [
      { name: 'code', kind: 'listed', list: 'suspension', label: 'field.cause', required: true }, reason,
      { name: 'until', kind: 'moment', label: 'field.until', hint: 'hint.until' },
    ],
  },
  { verb: 'resume', icon: Play, label: 'verb.resume', fields: [] },
  {
    verb: 'answer', icon: MessageSquareReply, label: 'verb.answer', evidence: true, fields: [
      {
        name: 'public', kind: 'long', label: 'field.public_answer', required: true, hint: 'hint.public_answer',
        start: (ticket) => ticket.draft?.answer ?? '',
      },
      { name: 'internal', kind: 'long', label: 'field.internal_answer', hint: 'hint.internal_answer' },
      { name: 'solved', kind: 'yesno', label: 'field.solved', required: true },
      { name: 'contacted_now', kind: 'yesno', label: 'field.contacted' },
      { name: 'contacted.whom', kind: 'text', label: 'field.whom', required: true, when: contacted, start: (ticket) => ticket.citizen?.name ?? '' },
      { name: 'contacted.at', kind: 'moment', label: 'field.contacted_at', required: true, when: contacted, start: () => new Date().toISOString() },
      { name: 'contacted.number', kind: 'text', label: 'field.number', required: true, when: contacted },
    ],
  },
  {
    verb: 'review', icon: ClipboardCheck, label: 'verb.review', fields: [
      { name: 'approved', kind: 'yesno', label: 'field.approved', required: true, hint: 'hint.approved' },
      { name: 'note', kind: 'long', label: 'field.note', required: true, when: (values) => values.approved === false },
    ],
  },
  {
    verb: 'follow-up', icon: PhoneForwarded, label: 'verb.follow-up', fields: [
      { name: 'reached', kind: 'yesno', label: 'field.reached', required: true },
      { name: 'solved', kind: 'yesno', label: 'field.solved', when: reached },
      { name: 'satisfied', kind: 'satisfaction', label: 'field.satisfied', when: reached }, note(),
    ],
  },
  { verb: 'rework', icon: RotateCcw, label: 'verb.rework', fields: [note(true)], danger: true },
  { verb: 'close', icon: CheckCheck, label: 'verb.close', fields: [note()] },
  { verb: 'archive', icon: Archive, label: 'verb.archive', fields: [note()] },
  { verb: 'merge', icon: GitMerge, label: 'verb.merge', fields: [{ name: 'into', kind: 'ticket', label: 'field.into', required: true, hint: 'hint.into' }] },
  { verb: 'split', icon: Split, label: 'verb.split', fields: [{ name: 'parts', kind: 'pieces', label: 'field.pieces', required: true, hint: 'hint.pieces' }] },
  { verb: 'unmerge', icon: GitPullRequestClosed, label: 'verb.unmerge', fields: [note()] },
  { verb: 'urge', icon: BellRing, label: 'verb.urge', fields: [note(true)] },
  {
    verb: 'supervise', icon: Flag, label: 'verb.supervise', fields: [
      {
        name: 'level', kind: 'listed', list: 'supervision', label: 'field.level', required: true,
        start: (ticket) => String((ticket.supervision_level ?? 0) + 1), among: (entry, ticket) => Number(entry.code) > (ticket.supervision_level ?? 0),
      },
      note(true),
    ],
  },
  { verb: 'answer-order', icon: Reply, label: 'verb.answer-order', fields: [{ name: 'text', kind: 'long', label: 'field.order_reply', required: true }] },
  { verb: 'end-supervision', icon: FlagOff, label: 'verb.end-supervision', fields: [note(true)] },
  {
    verb: 'set-aside', icon: FileMinus, label: 'verb.set-aside', fields: [
      { name: 'code', kind: 'listed', list: 'set_aside', label: 'field.cause', required: true }, note(true),
    ],
  },
  {
    verb: 'rule-on-set-aside', icon: Scale, label: 'verb.rule-on-set-aside',
    fields: [{ name: 'approved', kind: 'yesno', label: 'field.set_aside', required: true, hint: 'hint.set_aside' }, note()],
  },
  { verb: 'recuse', icon: UserMinus, label: 'verb.recuse', danger: true, fields: [{ name: 'reason', kind: 'long', label: 'field.conflict', required: true }] },
  { verb: 'note', icon: StickyNote, label: 'verb.note', fields: [{ name: 'text', kind: 'long', label: 'field.note_text', required: true, hint: 'hint.note' }] },
  { verb: 'withdraw', icon: CircleSlash, label: 'verb.withdraw', fields: [note()], danger: true },
]

const BY_VERB = new Map(SPECS.map((spec) => [spec.verb, spec]))

/** A consultation is ruled on for good: the ruling names the unit, which says whether the return is upheld. */
const CONSULTATION_RULING: VerbSpec = {
  verb: 'rule-on-return', icon: Scale, label: 'verb.rule_on_consultation', fields: [
    {
      name: 'department', kind: 'department', label: 'field.ruled_for', required: true, hint: 'hint.ruled_for',
      start: (ticket) => ticket.returns.at(-1)?.proposed_department ?? undefined,
    },
    { ...note(true), hint: 'hint.precedent' },
  ],
  implied: (values, ticket) => ({ upheld: values.department !== ticket.department }),
}
/** The ticket is with the emergency service already: its number there follows. */
const EMERGENCY_NUMBER: VerbSpec = {
  verb: 'emergency', icon: Siren, label: 'verb.emergency_number',
  fields: [{ name: 'reference', kind: 'text', label: 'field.reference', required: true }, note()],
  implied: (_values, ticket) => ({ service: ticket.partner }),
}

export const isHeard = (ticket: Ticket): boolean => ticket.consultation !== null && ticket.consultation.ruled_at === null

/** How a verb is done on this ticket. */
export function specOf(verb: Verb, ticket?: Ticket): VerbSpec {
  if (verb === 'rule-on-return' && ticket && isHeard(ticket)) return CONSULTATION_RULING
  if (verb === 'emergency' && ticket?.state === 'emergency') return EMERGENCY_NUMBER
  return BY_VERB.get(verb) ?? { verb, icon: ArrowRightLeft, label: 'verb.other', fields: [] }
}

export const IN_ORDER: readonly Verb[] = SPECS.map((spec) => spec.verb)

const isBlankPiece = (one: unknown): boolean => typeof one === 'object' && one !== null && (one as { text?: string }).text?.trim() === ''

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.every(isBlankPiece))

/** The body of a verb from what was filled in: hidden fields left out, contacted.whom put into contacted. */
export function bodyOf(spec: VerbSpec, values: Record<string, unknown>, ticket?: Ticket): Record<string, unknown> {
  const body: Record<string, unknown> = ticket && spec.implied ? spec.implied(values, ticket) : {}
  for (const field of spec.fields) {
    const value = values[field.name]
    if (isEmpty(value) || field.name === 'contacted_now' || (field.when && !field.when(values))) continue
    const [outer, inner] = field.name.split('.') as [string, string | undefined]
    if (inner) body[outer] = { ...(body[outer] as object | undefined), [inner]: value }
    else body[outer] = Array.isArray(value) ? value.filter((one) => !isBlankPiece(one)) : value
  }
  return body
}

/** Names of required fields that are still empty. */
export function missing(spec: VerbSpec, values: Record<string, unknown>): string[] {
  const wanted = spec.fields.filter((field) => field.required && (!field.when || field.when(values)))
  return wanted.filter((field) => isEmpty(values[field.name])).map((field) => field.name)
}
