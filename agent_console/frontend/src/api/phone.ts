/** The REST calls of the telephone. */
import { get, post, query } from './http'
import type { Page } from './types'

const PHONE = '/api/v1/phone'

export interface PhoneToken { token: string; url: string; expires_at: string }

/** Opens one connection to the switchboard, for a minute. */
export const fetchPhoneToken = (): Promise<PhoneToken> => post(`${PHONE}/token`, {})

/** Somebody who called and was not spoken to, or asked to be called back; masked until the number is revealed. */
export interface CallBack {
  id: number
  caller: string
  name: string
  reason: 'abandoned_queue' | 'abandoned_ringing' | 'no_agent' | 'after_hours' | 'failed' | 'refused' | 'asked'
  reason_label: string
  first_at: string
  last_at: string
  calls: number
  waited_seconds: number
  taken_by: { username: string; name: string } | null
  taken_at: string | null
  ticket: string | null
  tries: number
  state: 'open' | 'taken' | 'done'
  outcome: string
  /** What came of our last call to them, in words. */
  last_attempt: string
  called_back_at: string | null
}

export type CallBackOutcome = 'reached' | 'no_answer' | 'busy' | 'wrong_number' | 'not_needed'

const callBack = (id: number): string => `${PHONE}/call-backs/${id}`

export const fetchCallBacks = (state: CallBack['state'], after?: string | null): Promise<Page<CallBack>> =>
  get(`${PHONE}/call-backs${query({ state, after })}`)
export const takeCallBack = (id: number): Promise<CallBack> => post(`${callBack(id)}/take`, {})
export const releaseCallBack = (id: number): Promise<CallBack> => post(`${callBack(id)}/release`, {})
export const revealCallBack = (id: number, reason: string): Promise<{ phone: string }> => post(`${callBack(id)}/reveal`, { reason })
export const finishCallBack = (id: number, outcome: CallBackOutcome, note: string): Promise<CallBack> =>
  post(`${callBack(id)}/done`, { outcome, note })
