/** Studies of a past period: hot issues of the city's own tickets, and replays of a change nobody has made yet. */
import { get, post, query } from './http'
import type { Page } from './types'

export type StudyKind = 'hot_issues' | 'replay'
export type Tried = '' | 'type' | 'matter' | 'department' | 'catalogue' | 'rule_change'

/** `by` is null for the night, `title` the change that was tried. */
export interface StudyRow {
  id: number
  kind: StudyKind
  since: string
  until: string
  tries: Tried
  title: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  done: number
  steps: number
  by: string | null
  asked_at: string
  ended_at: string | null
  error: string
}

export interface Named { number: string; title: string }

/** One matter at one place; `messages` tickets of which `tickets` stand for it. */
export interface HotIssue {
  heat: number
  people: number
  days: number
  districts: number
  likes: number
  place: string
  group: string
  first: string
  last: string
  messages: number
  tickets: Named[]
}

export interface HotIssues { tickets: number; left_out: number; issues: HotIssue[] }

export interface Move { before: string; before_name: string; after: string; after_name: string; count: number; tickets: Named[] }

/** Who would have been suggested; pairs are before and after the change. */
export interface Replayed {
  tickets: number
  moved: number
  settled: number
  right: [number, number]
  hours: [number | null, number | null]
  moves: Move[]
  gained: { unit: string; name: string; gained: number }[]
}

export interface Limit { number: string; title: string; clock_label: string; unit_name: string; before: string; after: string }

/** Which clocks would have had another limit. */
export interface Limits { clocks: number; changed: number; late: number; relieved: number; limits: Limit[] }

export type Found = HotIssues | Replayed | Limits
export interface Study<F extends Found> extends StudyRow { found: F | null }
export interface Choice { kind: Exclude<Tried, ''>; title: string; change: Record<string, unknown> }
export interface Days { since: string; until: string }

const HERE = '/api/v1/studies'
export const fetchStudies = (kind: StudyKind): Promise<Page<StudyRow> & { may_ask: boolean }> => get(`${HERE}${query({ kind })}`)
export const fetchStudy = <F extends Found>(id: number): Promise<Study<F>> => get(`${HERE}/${id}`)
export const fetchChoices = (): Promise<Page<Choice>> => get(`${HERE}/replay/changes`)
export const askForHotIssues = (days: Days): Promise<StudyRow> => post(`${HERE}/hot-issues`, days)
export const askForReplay = (days: Days, change: Choice['change']): Promise<StudyRow> => post(`${HERE}/replay`, { ...days, change })
