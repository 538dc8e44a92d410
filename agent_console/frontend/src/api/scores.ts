/** What the interface gives of scores: the league by efficiency index, and estimates from call-backs. */
import type { Rate } from './figures'

/** The efficiency index out of 100, with its interval and the rates it is made of. */
export interface ScoreIndex {
  index: number | null
  low: number | null
  high: number | null
  /** The share of all weights that this index is made of. */
  covered: number
  rates: (Rate & { weight: number })[]
}

export interface Standing extends ScoreIndex {
  department: string
  department_name: string
  level: string
  level_label: string
  place: number | null
  against_whole: 'above' | 'around' | 'below' | 'unknown'
}

export interface League { minimum: number; whole: ScoreIndex; results: Standing[] }

/** What all citizens would say, estimated from those called back. */
export interface Estimate {
  name: string
  label: string
  method: string
  value: number | null
  low: number | null
  high: number | null
  population: number
  drawn: number
  heard: number
  uncovered: number
  outside: number
  set_aside: number
}
