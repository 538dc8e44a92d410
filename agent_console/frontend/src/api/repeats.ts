/** Tickets that may be about the same: beside a ticket, and while the next one is typed. */
import { get, post, type CallOptions } from './http'
import type { Page, State } from './types'

export interface Repeat {
  number: string
  title: string
  state: State
  state_label: string
  open: boolean
  created_at: string
  same_person: boolean
  same_place: 'spot' | 'site' | ''
  same_matter: boolean
  likeness: number
}

export const fetchRepeats = (number: string, options?: CallOptions): Promise<Page<Repeat>> =>
  get(`/api/v1/tickets/${encodeURIComponent(number)}/repeats`, options)
export const fetchRepeatsOf = (typed: { text: string; address: string; phone: string }): Promise<Page<Repeat>> =>
  post('/api/v1/repeats', typed)
