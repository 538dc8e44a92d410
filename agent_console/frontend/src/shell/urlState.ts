/** Filters live in the address, so that every list can be sent to a colleague. */

export function readUrl(): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(location.search))
}

export function writeUrl(values: Record<string, string | null>, push = false): void {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value) search.set(name, value)
  const text = search.toString()
  const address = `${location.pathname}${text ? `?${text}` : ''}`
  if (address === location.pathname + location.search) return
  history[push ? 'pushState' : 'replaceState'](null, '', address)
}
