/** One small fetch wrapper: session cookie, CSRF header, problem+json turned into ApiError. */
import type { Problem } from './types'

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title)
  }

  get status(): number {
    return this.problem.status
  }
}

/** The server could not be reached at all; what was typed is kept and the call may be repeated. */
export class OfflineError extends Error {}

export function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('json')) {
    const body = (await response.json()) as Partial<Problem>
    return { ...body, title: body.title ?? response.statusText, status: response.status }
  }
  return { title: response.statusText || `HTTP ${response.status}`, status: response.status }
}

export function toLogin(): never {
  const next = encodeURIComponent(location.pathname + location.search)
  location.assign(`/login/?next=${next}`)
  throw new ApiError({ title: 'login', status: 401 })
}

export interface CallOptions { signal?: AbortSignal; keepalive?: boolean }

async function call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const form = body instanceof FormData
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') headers['X-CSRFToken'] = cookie('csrftoken')
  let response: Response
  try {
    const payload = body === undefined || form ? body : JSON.stringify(body)
    response = await fetch(path, { method, headers, body: payload, credentials: 'same-origin', ...options })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new OfflineError(String(error))
  }
  if (response.status === 401) toLogin()
  if (!response.ok) throw new ApiError(await problemOf(response))
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const get = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('GET', path, undefined, options)
export const post = <T>(path: string, body: unknown, options?: CallOptions): Promise<T> =>
  call<T>('POST', path, body, options)
export const put = <T>(path: string, body: unknown, options?: CallOptions): Promise<T> =>
  call<T>('PUT', path, body, options)

export function query(values: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))
  const text = search.toString()
  return text ? `?${text}` : ''
}
