/** What supervision watches beside the tickets: places that many report at once, and what units promised. */
import type { UnitPromise } from './alarms'
import { get, query } from './http'
import type { Page } from './types'

/** `ticket` is null where the reader may not see it, `closed_at` while it goes on. */
export interface Crowd { name: string; matter: string | null; of_matter: number; people: number; usual: number; hours: number; chance: number; opened_at: string; seen_at: string; closed_at: string | null; ticket: string | null }

export const STANDINGS = ['late', 'open', 'kept', 'broken'] as const
export type Standing = (typeof STANDINGS)[number]
export type Totals = Record<Standing, number>
export interface UnitTotals extends Totals { department: string; department_name: string }
export interface PromiseRow extends UnitPromise { number: string; title: string }

const V1 = '/api/v1'
export const fetchCrowds = (): Promise<Page<Crowd>> => get(`${V1}/crowds`)
export const fetchPromises = (state: Standing, after?: string | null): Promise<Page<PromiseRow>> => get(`${V1}/promises${query({ state, after })}`)
export const fetchPromiseTotals = (): Promise<Totals & { by_department: UnitTotals[] }> => get(`${V1}/promises/totals`)
