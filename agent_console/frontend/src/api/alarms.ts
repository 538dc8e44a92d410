/** Danger heard in citizens' words, promises of units' answers, and hints about an answer. */

export interface Alarm {
  id: number
  number: string
  title: string
  channel: string
  level: 'normal' | 'urgent' | 'critical'
  kinds: string[]
  reasons: { kind: string; what: string; words: string }[]
  at: string
  seen_at: string | null
  seen_by_name: string
}

/** What an answer says will be done by a day; `kept` is null until somebody has said whether it was. */
export interface UnitPromise {
  id: number
  department: string
  department_name: string
  words: string
  due_on: string
  late: boolean
  chased_at: string | null
  kept: boolean | null
  note: string
  settled_at: string | null
}

/** One hint about an answer; `quote` are the words it was read from. */
export interface AnswerFinding { kind: string; label: string; reason: string; weight: number; start: number; end: number; where: 'reply' | 'message'; quote: string }

export interface AnswerHints {
  findings: AnswerFinding[]
  demands: { words: string; met: number }[]
  promises: { words: string; due_on: string }[]
  contacted: boolean
}
