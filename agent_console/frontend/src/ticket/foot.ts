/** The foot of a ticket: the one next step, what stands beside it in words, and the menu of the rest. */
import type { Ticket, Verb } from '@/api/types'
import { IN_ORDER } from '@/ticket/verbs'

/** The one step that a state waits for, first match wins; the rest goes into the menu. */
const PRIMARY: Verb[] = [
  'accept', 'dispatch', 'sign', 'rule-on-return', 'opinion', 'rule-on-extension', 'answer', 'review', 'rework', 'close', 'follow-up',
  'resume', 'rule-on-set-aside', 'archive',
]
/** What stands beside it in words, first match wins: what somebody waits for before what one may also do. */
const SECOND: Verb[] = [
  'answer-order', 'contact', 'answer-directly', 'request-info', 'emergency', 'unmerge', 'return', 'rework', 'urge', 'end-supervision', 'note',
]
const ELSEWHERE = new Set<string>(['edit', 'reply'])

/** What the foot of a ticket must know beside it. */
export interface Foot {
  /** The step that the list is about from which the ticket was opened. */
  prefer?: Verb | null
  /** The unit that the reader speaks for. */
  unit?: string | null
}

/** Whether the state waits for a verb that is allowed: a bad word keeps a ticket in the queue of call-backs until it is reworked. */
function isNext(verb: Verb, ticket: Ticket, unit?: string | null): boolean {
  const heard = ticket.followups.some((call) => call.reached)
  if (verb === 'rule-on-extension') return ticket.extensions.some((extension) => extension.state === 'requested')
  if (verb === 'rework') return heard && ticket.call_back !== ''
  if (verb === 'close') return ticket.call_back === '' && (heard || ticket.rating !== null || !ticket.allowed.includes('follow-up'))
  if (verb === 'opinion') return !ticket.consultation?.opinions.some((said) => said.department === unit)
  return true
}

function isBeside(verb: Verb, ticket: Ticket): boolean {
  if (verb === 'contact') return ticket.clocks.some((clock) => clock.name === 'contact' || clock.name === 'recontact')
  if (verb === 'emergency') return ticket.state === 'emergency' && ticket.partner_reference === ''
  return true
}

export function primaryVerb(ticket: Ticket, foot: Foot = {}): Verb | null {
  const open = ticket.allowed.filter((verb) => isNext(verb, ticket, foot.unit))
  if (foot.prefer && open.includes(foot.prefer)) return foot.prefer
  return PRIMARY.find((verb) => open.includes(verb)) ?? null
}

export function secondVerb(ticket: Ticket, foot: Foot = {}): Verb | null {
  const primary = primaryVerb(ticket, foot)
  return SECOND.find((verb) => verb !== primary && ticket.allowed.includes(verb) && isBeside(verb, ticket)) ?? null
}

/** The verbs that are neither at the foot nor have their own place, as a menu is grouped. */
export const GROUPS = ['handling', 'court', 'supervision', 'record'] as const
export type Group = (typeof GROUPS)[number]
const COURT = new Set<Verb>(['return', 'rule-on-return', 'opinion', 'request-extension', 'rule-on-extension', 'suspend', 'resume'])
const SUPERVISING = new Set<Verb>(['urge', 'supervise', 'answer-order', 'end-supervision', 'set-aside', 'rule-on-set-aside'])
const RECORD = new Set<Verb>(['merge', 'unmerge', 'split', 'recuse', 'note', 'withdraw', 'archive'])

function groupOf(verb: Verb): Group {
  if (COURT.has(verb)) return 'court'
  if (SUPERVISING.has(verb)) return 'supervision'
  return RECORD.has(verb) ? 'record' : 'handling'
}

export function otherVerbs(ticket: Ticket, foot: Foot = {}): Verb[] {
  const primary = primaryVerb(ticket, foot)
  return IN_ORDER.filter((verb) => verb !== primary && !ELSEWHERE.has(verb) && ticket.allowed.includes(verb))
}

export function menuOf(ticket: Ticket, foot: Foot = {}): [Group, Verb[]][] {
  const second = secondVerb(ticket, foot)
  const verbs = otherVerbs(ticket, foot).filter((verb) => verb !== second)
  return GROUPS.map((group): [Group, Verb[]] => [group, verbs.filter((verb) => groupOf(verb) === group)]).filter(([, some]) => some.length > 0)
}
