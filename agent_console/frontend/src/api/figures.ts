/** The figures of supervision and the wallboard. */

export interface Rate {
  name: string
  label: string
  formula: string
  value: number | null
  numerator: number
  denominator: number
  low: number | null
  high: number | null
  /** Cases left out of the rate: by two people's decision, or because the formula does not count them. */
  set_aside: number
  too_few: boolean
  lower_is_better: boolean
}

export interface DepartmentLoad { code: string; name: string; open: number; late: number; due_soon: number }

export interface Supervision {
  open: number
  late: number
  due_soon: number
  by_department: DepartmentLoad[]
  by_channel: { code: string; label: string; count: number }[]
  by_state: { code: string; label: string; count: number }[]
  rates: Rate[]
  /** Changes of calls that could not be written down. */
  calls_refused: number
}

export interface Hot { code: string; name: string; count: number; usual: number }

export interface WallboardFigures {
  at: string
  received: number
  /** How many are usual by this time of the day. */
  usual: number
  hours: { hour: number; count: number; usual: number }[]
  channels: { code: string; label: string; count: number }[]
  waiting: number
  waiting_since: string | null
  open: number
  late: number
  due_soon: number
  units: DepartmentLoad[]
  matters: Hot[]
  places: Hot[]
  crowds: { name: string; matter: string | null; people: number; usual: number; hours: number; opened_at: string }[]
  /** Of today's calls: connected, answered in time, abandoned. */
  calls: Rate[]
}
