/** The one connection to the switchboard: a fresh token each time, back-off, orders that are answered, frames of sound. */
import { FRAME_BYTES, VERSION, type Order, type Told } from './wire'

export type LinkState = 'off' | 'connecting' | 'open' | 'elsewhere' | 'refused'

export interface PhoneSocket {
  binaryType: string
  readonly readyState: number
  onopen: (() => void) | null
  onclose: ((event: { code: number }) => void) | null
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null
  send(data: string | ArrayBuffer): void
  close(): void
}

export interface LinkOptions {
  /** The address with a token that opens one connection; throws NotForMe where there is no telephone for this person. */
  address: () => Promise<string>
  onTold: (told: Told) => void
  onSound: (frame: ArrayBuffer) => void
  onState: (state: LinkState) => void
  open?: (url: string) => PhoneSocket
  random?: () => number
}

/** The server gives this person no telephone: nothing to try again. */
export class NotForMe extends Error {}

/** The switchboard will not do it; the words are for the screen. */
export class Refused extends Error {
  constructor(readonly code: string, message: string) {
    super(message)
  }
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 5_000
/** A switchboard that was never there since the page came is asked for less often. */
const STRANGE_WAIT_MS = 30_000
const ANSWER_WITHIN_MS = 10_000
const TAKEN_OVER = 4409
const OPEN = 1

interface Waiting { resolve: () => void; reject: (error: Error) => void; timer: ReturnType<typeof setTimeout> }

export class PhoneLink {
  private socket: PhoneSocket | null = null
  private attempts = 0
  private known = false
  private turn = 0
  private asked = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private readonly waiting = new Map<string, Waiting>()
  state: LinkState = 'off'

  constructor(private readonly options: LinkOptions) {}

  start(): void {
    window.addEventListener('online', this.wake)
    void this.connect()
  }

  stop(): void {
    window.removeEventListener('online', this.wake)
    this.drop('off')
  }

  /** Take the telephone back from another tab, or try at once. */
  readonly wake = (): void => {
    if (this.socket) return
    this.attempts = 0
    void this.connect()
  }

  /** Says an order; fulfilled when it is done, rejected with words when it is not. */
  ask(order: Order): Promise<void> {
    const socket = this.socket
    if (!socket || this.state !== 'open') return Promise.reject(new Refused('unreachable', ''))
    const id = `${++this.asked}`
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { this.settle(id)?.reject(new Refused('unreachable', '')) }, ANSWER_WITHIN_MS)
      this.waiting.set(id, { resolve, reject, timer })
      socket.send(JSON.stringify({ ...order, id }))
    })
  }

  sound(frame: ArrayBuffer): void {
    if (this.socket?.readyState === OPEN && this.state === 'open') this.socket.send(frame)
  }

  private async connect(): Promise<void> {
    clearTimeout(this.retry)
    const turn = ++this.turn
    this.show('connecting')
    try {
      const url = await this.options.address()
      if (turn === this.turn) this.opening(url)
    } catch (failure) {
      if (turn !== this.turn) return
      if (failure instanceof NotForMe) this.drop('refused')
      else this.again()
    }
  }

  private opening(url: string): void {
    const socket = this.options.open ? this.options.open(url) : (new WebSocket(url) as PhoneSocket)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    socket.onopen = () => { socket.send(JSON.stringify({ type: 'hello', version: VERSION })) }
    socket.onmessage = (event) => { this.received(event.data) }
    socket.onclose = (event) => {
      if (this.socket !== socket) return
      if (event.code === TAKEN_OVER) this.drop('elsewhere')
      else this.again()
    }
  }

  private again(): void {
    this.drop('connecting')
    const longest = this.known ? LONGEST_WAIT_MS : STRANGE_WAIT_MS
    const ceiling = Math.min(longest, FIRST_WAIT_MS * 2 ** this.attempts)
    const random = this.options.random ?? Math.random
    this.attempts += 1
    this.retry = setTimeout(() => { void this.connect() }, ceiling / 2 + (random() * ceiling) / 2)
  }

  private received(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      if (data.byteLength === FRAME_BYTES) this.options.onSound(data)
      return
    }
    const told = JSON.parse(data) as Told
    if (told.type === 'state') {
      this.known = true
      this.attempts = 0
      this.show('open')
    }
    if (told.type === 'done') this.settle(told.id)?.resolve()
    else if (told.type === 'refused') this.settle(told.id)?.reject(new Refused(told.code, told.message))
    else this.options.onTold(told)
  }

  private settle(id: string): Waiting | undefined {
    const found = this.waiting.get(id)
    this.waiting.delete(id)
    clearTimeout(found?.timer)
    return found
  }

  private drop(state: LinkState): void {
    clearTimeout(this.retry)
    this.turn += 1
    const socket = this.socket
    this.socket = null
    if (socket) {
      socket.onopen = socket.onclose = socket.onmessage = null
      socket.close()
    }
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(new Refused('unreachable', ''))
    this.show(state)
  }

  private show(state: LinkState): void {
    if (state === this.state) return
    this.state = state
    this.options.onState(state)
  }
}
