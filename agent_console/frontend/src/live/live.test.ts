/** The live feed: replay position, light, back-off, heartbeat; with a socket of our own and a clock that we turn. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { LiveFeed, type Frame, type Socket } from './live'

class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  sent: Frame[] = []
  closed = false
  constructor(readonly url: string) {}
  send(data: string): void { this.sent.push(JSON.parse(data) as Frame) }
  close(): void { this.closed = true }
  say(frame: Frame): void { this.onmessage?.({ data: JSON.stringify(frame) }) }
}

function setUp(after: number | null = 0) {
  const sockets: FakeSocket[] = []
  const entries: number[] = []
  const others: Frame[] = []
  const lights: string[] = []
  let resyncs = 0
  let signedOut = 0
  const feed = new LiveFeed({
    after: after ?? undefined,
    url: (entry) => (entry === null ? '/ws/desk/' : `/ws/desk/?after=${entry}`),
    onEvent: (frame) => entries.push(frame.entry as number),
    onOther: (frame) => others.push(frame),
    onResync: () => { resyncs += 1 },
    onLight: (light) => { if (lights.at(-1) !== light) lights.push(light) },
    onSignedOut: () => { signedOut += 1 },
    open: (url) => {
      const socket = new FakeSocket(url)
      sockets.push(socket)
      return socket
    },
    random: () => 1,
  })
  feed.start()
  const latest = (): FakeSocket => sockets.at(-1) as FakeSocket
  return { feed, sockets, entries, others, lights, latest, resyncs: () => resyncs, signedOut: () => signedOut }
}

describe('LiveFeed', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('shows catching up until the server says that it caught up', () => {
    const { feed, latest, lights } = setUp(7)
    latest().onopen?.()
    expect(latest().url).toBe('/ws/desk/?after=7')
    latest().say({ kind: 'caught_up', entry: 9 })
    expect(lights).toEqual(['catching_up', 'live'])
    expect(feed.lastEntry).toBe(9)
  })

  it('never passes an entry on twice, nor one that is older', () => {
    const { latest, entries } = setUp(3)
    latest().onopen?.()
    for (const entry of [3, 4, 4, 2, 5]) latest().say({ kind: 'accepted', entry })
    expect(entries).toEqual([4, 5])
  })

  it('reconnects after its last entry, waiting longer each time, up to a limit', () => {
    const { latest, sockets } = setUp()
    latest().onopen?.()
    latest().say({ kind: 'accepted', entry: 12 })
    latest().onclose?.({ code: 1006 })
    vi.advanceTimersByTime(499)
    expect(sockets).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(latest().url).toBe('/ws/desk/?after=12')
    latest().onclose?.({ code: 1006 })
    vi.advanceTimersByTime(999)
    expect(sockets).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(sockets).toHaveLength(3)
    for (let round = 0; round < 8; round += 1) {
      latest().onclose?.({ code: 1006 })
      vi.advanceTimersByTime(20_000)
    }
    expect(sockets).toHaveLength(11)
  })

  it('takes a server without an answer to its heartbeat for gone', () => {
    const { latest, sockets, lights } = setUp()
    const first = latest()
    first.onopen?.()
    vi.advanceTimersByTime(20_000)
    expect(first.sent).toEqual([{ kind: 'ping', entry: 0 }])
    vi.advanceTimersByTime(10_000)
    expect(first.closed).toBe(true)
    expect(lights.at(-1)).toBe('offline')
    vi.advanceTimersByTime(500)
    expect(sockets).toHaveLength(2)
  })

  it('stays live while pongs arrive', () => {
    const { latest, sockets, lights } = setUp()
    latest().onopen?.()
    latest().say({ kind: 'caught_up' })
    for (let beat = 0; beat < 5; beat += 1) {
      vi.advanceTimersByTime(20_000)
      latest().say({ kind: 'pong' })
    }
    expect(sockets).toHaveLength(1)
    expect(lights.at(-1)).toBe('live')
  })

  it('says again what is looked at after a reconnect', () => {
    const { feed, latest } = setUp()
    latest().onopen?.()
    feed.looking('12345261121000017')
    latest().onclose?.({ code: 1006 })
    vi.advanceTimersByTime(500)
    latest().onopen?.()
    expect(latest().sent).toEqual([{ kind: 'looking', number: '12345261121000017' }])
  })

  it('hands presence on and asks for a reload when told so', () => {
    const { latest, others, resyncs } = setUp()
    latest().onopen?.()
    latest().say({ kind: 'presence', number: '1', people: [] })
    latest().say({ kind: 'resync' })
    expect(others).toEqual([{ kind: 'presence', number: '1', people: [] }])
    expect(resyncs()).toBe(1)
  })

  it('goes dark at once when the network goes, and comes back at once with it', () => {
    const { latest, sockets, lights } = setUp()
    latest().onopen?.()
    window.dispatchEvent(new Event('offline'))
    expect(lights.at(-1)).toBe('offline')
    window.dispatchEvent(new Event('online'))
    expect(sockets).toHaveLength(2)
  })

  it('starts at the head when it knows no position, and has the lists read again once it is there', () => {
    const { feed, latest, resyncs } = setUp(null)
    latest().onopen?.()
    expect([latest().url, resyncs()]).toEqual(['/ws/desk/', 0])
    latest().say({ kind: 'caught_up', entry: 40 })
    expect([feed.lastEntry, resyncs()]).toEqual([40, 1])
    latest().say({ kind: 'pong', entry: 44 })
    latest().onclose?.({ code: 1006 })
    vi.advanceTimersByTime(500)
    expect(latest().url).toBe('/ws/desk/?after=44')
  })

  it('does not knock again after being signed out', () => {
    const { latest, sockets, signedOut } = setUp()
    latest().onopen?.()
    latest().onclose?.({ code: 4401 })
    vi.advanceTimersByTime(60_000)
    expect([sockets.length, signedOut()]).toEqual([1, 1])
  })

  it('opens nothing more after it was stopped', () => {
    const { feed, sockets } = setUp()
    feed.stop()
    vi.advanceTimersByTime(60_000)
    expect(sockets).toHaveLength(1)
    expect(sockets[0]?.closed).toBe(true)
  })
})
