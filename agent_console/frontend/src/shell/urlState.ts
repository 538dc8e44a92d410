/** Filters live in the address, so that every list can be sent to a colleague. */

/** `/desk/<number>` names a ticket as well as `/desk/?ticket=<number>` does. */
const SCREEN = /^(\/[a-z]+\/)(\d+)?/

export function readUrl(): Record<string, string> {
  const number = SCREEN.exec(location.pathname)?.[2]
  return { ...(number ? { ticket: number } : {}), ...Object.fromEntries(new URLSearchParams(location.search)) }
}

export function writeUrl(values: Record<string, string | null>, push = false): void {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value) search.set(name, value)
  const text = search.toString()
  const address = `${SCREEN.exec(location.pathname)?.[1] ?? location.pathname}${text ? `?${text}` : ''}`
  if (address === location.pathname + location.search) return
  history[push ? 'pushState' : 'replaceState'](null, '', address)
}
