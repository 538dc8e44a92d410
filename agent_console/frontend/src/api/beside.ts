/** What stands beside a ticket's state: more time, pauses, consultations, orders, merged and split tickets. */

export interface Extension {
  id: number
  department_name?: string
  working_days: number
  cause?: string
  reason: string
  state: string
  requested_at: string
  granted_days?: number | null
  ruling_note?: string
}

export interface Suspension { cause: string; reason: string; by_name: string; at: string; until: string | null; resumed_at: string | null }

export interface Opinion { department: string; department_name: string; text: string; by_name: string; at: string }

/** The units concerned are heard; `ruled_at` is null while it is open. */
export interface Consultation {
  units: { code: string; name: string }[]
  opinions: Opinion[]
  opened_at: string
  ruled_at: string | null
  ruling: string
  department_name: string | null
}

/** An order of supervision, its reply and its end. */
export interface Order {
  id: number
  level: number
  level_name: string
  trigger: string
  trigger_label: string
  note: string
  by_name: string
  at: string
  reply: string
  replied_by_name: string
  replied_at: string | null
  ended_at: string | null
  ended_by_name: string
  ending_note: string
}

/** A ticket merged into this one, or split off it. */
export interface Child { number: string; title: string; text: string; channel: string; state_label: string; created_at: string }

export interface SetAside {
  code_label: string
  note: string
  requested_by: string
  requested_at: string
  approved: boolean | null
  ruled_by: string
  ruling_note: string
}

/** One holder of the ticket without interruption; `end` is null while it lasts. */
export interface Span {
  start: string
  end: string | null
  holder: string
  holder_label: string
  department_name: string | null
  staff: { username: string; name: string } | null
  state_label: string
  clock_label: string
  due_at: string | null
  late: boolean
}

/** Who was answerable in every span of a ticket's life, assisting units beside. */
export interface Chain {
  first_asked: { username: string; name: string } | null
  spans: Span[]
  beside: { department: string; department_name: string | null; start: string; end: string | null }[]
}
