/** The learning loop as the interface gives it: models, their versions, drift, training. */
import { get, post } from './http'

export type ModelName = 'type' | 'matter' | 'department'
export type Sign = 'acceptance' | 'confidence' | 'unknown' | 'mix'
export type Act = 'promoted' | 'rolled_back' | 'pinned' | 'set_free'

/** One sign of drift; null where there are too few tickets to say. */
export interface Reading { sign: Sign; sign_label: string; now: number | null; before: number | null; n: number; m: number; limit: number | null; alarm: boolean }

/** `version` is empty for the model as installed, `by` null for the nightly training. */
export interface ModelChange { act: Act; act_label: string; before: string; version: string; by: string | null; why: string; at: string }

/** `decided` differs from `in_use` where a version could not be taken into use; empty: as installed. */
export interface LearningModel {
  name: ModelName
  label: string
  in_use: string
  decided: string
  pinned: ModelChange | null
  weeks: { monday: string; cases: number; right: number }[]
  drift: Reading[]
}

export interface Figures { n: number; accuracy?: number; macro_f1?: number; ece?: number; coverage_at_97?: number; set?: string }
export interface Verdict { cases: number; won: number; lost: number; p: number; better: boolean; why: string }

export interface ModelVersion {
  version: string
  trained_at: string
  cut: string
  rows: number
  discarded: boolean
  figures: { new: Figures | null; frozen: Figures | null; champion_new: Figures | null; champion_frozen: Figures | null; verdict: Verdict | null }
}

export interface LabelRow {
  code: string
  name: string
  count: number
  chosen: number
  precision: number | null
  recall: number | null
  coverage: number | null
  recall_before: number | null
  count_before: number
}

/** How often people decided otherwise than what stood there, and on what occasion. */
export interface Correction { how: 'agent' | 'edited' | 'redispatched' | 'returned' | 'consultation'; before: string; after: string; count: number }

export interface ModelDetail extends LearningModel { versions: ModelVersion[]; changes: ModelChange[]; classes: LabelRow[]; corrections: Correction[] }

export interface TrainingResult { model: ModelName; result: string; version: string | null; cases: number | null; error: string | null; verdict: Verdict | null }

export interface Training {
  id: number
  state: 'waiting' | 'running' | 'done' | 'failed'
  model_label: string
  stage_label: string
  done: number
  steps: number
  by: string | null
  asked_at: string
  ended_at: string | null
  results: TrainingResult[]
  error: string
}

export interface Alarm { id: number; name: ModelName; label: string; sign: Sign; sign_label: string; monday: string; found: { now: number; before: number; n: number; m: number }; at: string }

export interface Learning { models: LearningModel[]; training: Training | null; alarms: Alarm[]; may_decide: boolean }

export type Deed = 'promote' | 'roll-back' | 'pin' | 'set-free'

const HERE = '/api/v1/learning'
export const fetchLearning = (): Promise<Learning> => get(HERE)
export const fetchModel = (name: ModelName): Promise<ModelDetail> => get(`${HERE}/${name}`)
export const decide = (name: ModelName, deed: Deed, body: { why: string; version?: string }): Promise<ModelChange> => post(`${HERE}/${name}/${deed}`, body)
export const trainNow = (): Promise<Training> => post(`${HERE}/train`, {})
export const alarmSeen = (id: number): Promise<Alarm> => post(`${HERE}/alarms/${id}/seen`, {})
