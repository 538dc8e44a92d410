/** The line to the switchboard: tokens, back-off, answers to orders, sound; with a socket of our own and a clock that we turn. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { NotForMe, PhoneLink, Refused, type PhoneSocket } from './link'
import type { Told } from './wire'

class FakeSocket implements PhoneSocket {
  binaryType = ''
  readyState = 1
  onopen: (() => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null
  sent: (string | ArrayBuffer)[] = []
  closed = false
  constructor(readonly url: string) {}
  send(data: string | ArrayBuffer): void { this.sent.push(data) }
  close(): void { this.closed = true }
  say(told: object): void { this.onmessage?.({ data: JSON.stringify(told) }) }
}

const WHOLE = { type: 'state', seq: 1, version: 1, call: null }

function setUp(address: () => Promise<string> = async () => `ws://x/phone/?token=${++asked}`) {
  const sockets: FakeSocket[] = []
  const told: Told[] = []
  const states: string[] = []
  const sounds: ArrayBuffer[] = []
  const link = new PhoneLink({
    address, onTold: (one) => told.push(one), onSound: (frame) => sounds.push(frame), onState: (state) => states.push(state),
    open: (url) => {
      const socket = new FakeSocket(url)
      sockets.push(socket)
      return socket
    },
    random: () => 1,
  })
  link.start()
  return { link, sockets, told, states, sounds, latest: () => sockets.at(-1) as FakeSocket }
}

let asked = 0
const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined)

describe('PhoneLink', () => {
  beforeEach(() => {
    asked = 0
    vi.useFakeTimers()
  })
  afterEach(() => { vi.useRealTimers() })

  async function opened() {
    const made = setUp()
    await settle()
    made.latest().onopen?.()
    made.latest().say(WHOLE)
    return made
  }

  it('says hello first and is open once it was told everything', async () => {
    const { latest, states, told } = await opened()
    expect(latest().sent).toEqual(['{"type":"hello","version":1}'])
    expect(latest().binaryType).toBe('arraybuffer')
    expect(states).toEqual(['connecting', 'open'])
    expect(told).toEqual([WHOLE])
  })

  it('answers each order by its own id', async () => {
    const { link, latest } = await opened()
    const [one, two] = [link.ask({ type: 'ready' }), link.ask({ type: 'answer', call: 'c1' })]
    expect(latest().sent.slice(1)).toEqual(['{"type":"ready","id":"1"}', '{"type":"answer","call":"c1","id":"2"}'])
    latest().say({ type: 'refused', id: '2', code: 'wrong_state', message: '已被接起' })
    latest().say({ type: 'done', id: '1' })
    await expect(one).resolves.toBeUndefined()
    await expect(two).rejects.toEqual(new Refused('wrong_state', '已被接起'))
  })

  it('gives up an order that nobody answers, and all of them with the connection', async () => {
    const { link, latest } = await opened()
    const late = expect(link.ask({ type: 'ready' })).rejects.toMatchObject({ code: 'unreachable' })
    await vi.advanceTimersByTimeAsync(10_000)
    await late
    const cut = expect(link.ask({ type: 'leave' })).rejects.toMatchObject({ code: 'unreachable' })
    latest().onclose?.({ code: 1006 })
    await cut
    await expect(link.ask({ type: 'ready' })).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('asks for a fresh token before each connection and waits longer each time, up to five seconds', async () => {
    const { sockets, latest } = await opened()
    for (const [attempt, wait] of [500, 1_000, 2_000, 4_000, 5_000, 5_000].entries()) {
      latest().onclose?.({ code: attempt === 0 ? 4401 : 1006 })
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(sockets).toHaveLength(attempt + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(latest().url).toBe(`ws://x/phone/?token=${attempt + 2}`)
    }
    latest().onopen?.()
    latest().say(WHOLE)
    latest().onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(500)
    expect(sockets).toHaveLength(8)
  })

  it('asks a switchboard that was never there more and more seldom', async () => {
    const { sockets, latest } = setUp()
    await settle()
    for (let round = 0; round < 12; round += 1) {
      latest().onclose?.({ code: 1006 })
      await vi.advanceTimersByTimeAsync(30_000)
    }
    const before = sockets.length
    latest().onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(29_999)
    expect(sockets).toHaveLength(before)
  })

  it('does not fight with another window for the telephone, but takes it when told to', async () => {
    const { link, sockets, latest, states } = await opened()
    latest().onclose?.({ code: 4409 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([sockets.length, states.at(-1)]).toEqual([1, 'elsewhere'])
    link.wake()
    await settle()
    expect(sockets).toHaveLength(2)
  })

  it('stays away where there is no telephone for this person', async () => {
    let times = 0
    const { sockets, states } = setUp(() => {
      times += 1
      return Promise.reject(new NotForMe())
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([times, sockets.length, states.at(-1)]).toEqual([1, 0, 'refused'])
  })

  it('tries again when the token cannot be fetched', async () => {
    let times = 0
    const { sockets } = setUp(() => (times++ === 0 ? Promise.reject(new Error('down')) : Promise.resolve('ws://x/')))
    await vi.advanceTimersByTimeAsync(500)
    expect(sockets).toHaveLength(1)
  })

  it('passes frames of sound both ways and nothing of another size', async () => {
    const { link, latest, sounds } = await opened()
    const frame = new ArrayBuffer(640)
    link.sound(frame)
    expect(latest().sent.at(-1)).toBe(frame)
    latest().onmessage?.({ data: new ArrayBuffer(640) })
    latest().onmessage?.({ data: new ArrayBuffer(12) })
    expect(sounds).toHaveLength(1)
  })

  it('opens nothing more after it was stopped, even when the token comes late', async () => {
    let give: (url: string) => void = () => undefined
    const { link, sockets } = setUp(() => new Promise((resolve) => { give = resolve }))
    link.stop()
    give('ws://x/')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sockets).toHaveLength(0)
  })
})
