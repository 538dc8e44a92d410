/** Every REST call the screens make, one function each. */
import { get, post, put, query, type CallOptions } from './http'
import type { Estimate, League } from './scores'
import type {
  Area, Attachment, Chain, Department, Draft, LedgerLine, ListEntry, ListName, LowerUnit, Matter, Me, Page, Rate, Suggestion, Supervision, Term,
  Ticket, TicketRow, Verb, WallboardFigures, WorkState,
} from './types'

const V1 = '/api/v1'

export interface TicketFilter {
  queue?: string
  group?: string
  state?: string
  type?: string
  department?: string
  channel?: string
  due?: string
  q?: string
  after?: string | null
}

const ticketPath = (number: string): string => `${V1}/tickets/${encodeURIComponent(number)}`

export const fetchMe = (): Promise<Me> => get(`${V1}/me`)
export const setMyState = (state: WorkState, reason = ''): Promise<unknown> =>
  post(`${V1}/me/state`, { state, reason })

export const fetchTickets = (filter: TicketFilter, options?: CallOptions): Promise<Page<TicketRow>> =>
  get(`${V1}/tickets${query({ ...filter })}`, options)
/** The same list as a workbook. */
export const sheetPath = (filter: TicketFilter): string => `${V1}/tickets.xlsx${query({ ...filter })}`
/** A ticket typed by hand; the same key again makes no second one. */
export interface TypedTicket { key: string; caller: string; name: string; text: string; place: { address: string } }
export const typeTicket = (typed: TypedTicket): Promise<{ number: string | null; fresh: boolean }> => post(`${V1}/phone/tickets`, typed)
export const fetchTicket = (number: string, options?: CallOptions): Promise<Ticket> =>
  get(ticketPath(number), options)
export const fetchSuggestion = (number: string, options?: CallOptions): Promise<Suggestion> =>
  get(`${ticketPath(number)}/suggestion`, options)
export const fetchLedger = (number: string, after?: string | null): Promise<Page<LedgerLine>> =>
  get(`${ticketPath(number)}/ledger${query({ after })}`)
export const fetchQueueCounts = (): Promise<Record<string, number>> => get(`${V1}/queue-counts`)
export const fetchPortalGroups = (): Promise<Record<string, number>> => get(`${V1}/portal-groups`)

export const act = (number: string, verb: Verb, body: Record<string, unknown>): Promise<Ticket> =>
  post(`${ticketPath(number)}/${verb}`, body)
export const saveDraft = (number: string, draft: Draft, options?: CallOptions): Promise<unknown> =>
  put(`${ticketPath(number)}/draft`, draft, options)
export const unmask = (number: string, reason: string): Promise<{ name: string; phone: string }> =>
  post(`${ticketPath(number)}/unmask`, { reason })

export function addEvidence(number: string, file: File, purpose: string): Promise<Attachment> {
  const form = new FormData()
  form.append('file', file)
  form.append('purpose', purpose)
  return post(`${ticketPath(number)}/attachments`, form)
}

/** Lists of the API are either bare arrays or pages; catalogues are small enough to be read whole. */
async function whole<T>(path: string): Promise<T[]> {
  const body = await get<T[] | Page<T>>(path)
  return Array.isArray(body) ? body : body.results
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null
  return () => {
    kept ??= load().catch((error: unknown) => {
      kept = null
      throw error
    })
    return kept
  }
}

export const fetchDepartments = once(() => whole<Department>(`${V1}/departments`))
export const fetchMatters = once(() => whole<Matter>(`${V1}/matters`))
export const fetchAreas = once(() => whole<Area>(`${V1}/areas`))
const lists = new Map<ListName, () => Promise<ListEntry[]>>()
/** A closed list of reasons or levels, read once. */
export function fetchList(name: ListName): Promise<ListEntry[]> {
  let load = lists.get(name)
  if (!load) lists.set(name, load = once(() => whole<ListEntry>(`${V1}/reasons${query({ list: name })}`)))
  return load()
}
export const fetchSupervision = (): Promise<Supervision> => get(`${V1}/supervision`)
export const fetchWallboard = (): Promise<WallboardFigures> => get(`${V1}/wallboard`)
export interface Days { from: string; to: string }
export const fetchRates = (days: Days): Promise<Page<Rate>> => get(`${V1}/rates${query({ ...days })}`)
export const fetchLeague = (days: Days, level?: string): Promise<League> => get(`${V1}/scores${query({ ...days, level })}`)
export const fetchEstimates = (days: Days): Promise<Page<Estimate>> => get(`${V1}/call-back-estimates${query({ ...days })}`)
export const leagueFile = (days: Days, level?: string): string => `${V1}/scores.xlsx${query({ ...days, level })}`
/** Who was answerable for a ticket, and when. */
export const fetchChain = (number: string): Promise<Chain> => get(`${ticketPath(number)}/accountability`)
/** The whole story of a ticket with its proof, as a file. */
export const storyPath = (number: string, form: 'pdf' | 'json'): string => `${ticketPath(number)}/story.${form}`
/** The units below the reader's own that may be passed this ticket. */
export const fetchBelow = (number: string): Promise<LowerUnit[]> => whole<LowerUnit>(`${ticketPath(number)}/below`)
/** The clocks that dispatching this ticket to that unit would start. */
export const fetchTerms = (number: string, department: string): Promise<Term[]> =>
  whole<Term>(`${ticketPath(number)}/terms${query({ department })}`)
