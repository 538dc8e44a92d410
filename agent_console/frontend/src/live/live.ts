/** The one websocket client: resumes after its last entry, says how live it is, never shows an entry twice. */

export type Light = 'live' | 'catching_up' | 'offline'

export interface Frame { kind: string; entry?: number; [field: string]: unknown }

export interface Socket {
  onopen: (() => void) | null
  onclose: ((event: { code: number }) => void) | null
  onmessage: ((event: { data: string }) => void) | null
  send(data: string): void
  close(): void
}

export interface LiveOptions {
  /** `after` is null while the feed's position is unknown: the server then starts at its head. */
  url: (after: number | null) => string
  onEvent: (frame: Frame) => void
  onOther: (frame: Frame) => void
  onResync: () => void
  onLight: (light: Light, entry: number) => void
  onSignedOut: () => void
  after?: number
  open?: (url: string) => Socket
  random?: () => number
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
const HEARTBEAT_MS = 20_000
const PATIENCE_MS = 10_000
/** A server that never says caught_up is taken to be live after this quiet time. */
const QUIET_MS = 1_500
const SIGNED_OUT = 4401

export class LiveFeed {
  private socket: Socket | null = null
  private entry: number | null
  private attempts = 0
  private stopped = false
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private heartbeat: ReturnType<typeof setInterval> | undefined
  private patience: ReturnType<typeof setTimeout> | undefined
  private quiet: ReturnType<typeof setTimeout> | undefined
  private lookingAt: string | null = null
  light: Light = 'offline'

  constructor(private readonly options: LiveOptions) {
    this.entry = options.after ?? null
  }

  start(): void {
    this.stopped = false
    window.addEventListener('online', this.wake)
    window.addEventListener('offline', this.sleep)
    document.addEventListener('visibilitychange', this.lookUp)
    this.connect()
  }

  stop(): void {
    this.stopped = true
    window.removeEventListener('online', this.wake)
    window.removeEventListener('offline', this.sleep)
    document.removeEventListener('visibilitychange', this.lookUp)
    this.drop()
  }

  /** Tells the others which ticket this desk has open; repeated after every reconnect. */
  looking(number: string | null): void {
    this.lookingAt = number
    this.send({ kind: 'looking', number })
  }

  send(frame: Frame): void {
    if (this.socket && this.light !== 'offline') this.socket.send(JSON.stringify(frame))
  }

  get lastEntry(): number {
    return this.entry ?? 0
  }

  private connect(): void {
    if (this.stopped || this.socket) return
    const url = this.options.url(this.entry)
    const socket = this.options.open ? this.options.open(url) : (new WebSocket(url) as unknown as Socket)
    this.socket = socket
    socket.onopen = () => this.opened()
    socket.onclose = (event) => (event.code === SIGNED_OUT ? this.signedOut() : this.closed(socket))
    socket.onmessage = (event) => this.received(JSON.parse(event.data) as Frame)
  }

  private opened(): void {
    this.show('catching_up')
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS)
    if (this.lookingAt) this.send({ kind: 'looking', number: this.lookingAt })
    this.expectQuiet()
  }

  private closed(socket: Socket): void {
    if (this.socket !== socket) return
    this.drop()
    if (this.stopped) return
    const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts)
    const random = this.options.random ?? Math.random
    this.attempts += 1
    this.retryTimer = setTimeout(() => this.connect(), ceiling / 2 + (random() * ceiling) / 2)
  }

  private signedOut(): void {
    this.stop()
    this.options.onSignedOut()
  }

  private drop(): void {
    for (const timer of [this.retryTimer, this.heartbeat, this.patience, this.quiet]) clearTimeout(timer)
    const socket = this.socket
    this.socket = null
    if (socket) {
      socket.onopen = socket.onclose = socket.onmessage = null
      socket.close()
    }
    this.show('offline')
  }

  private received(frame: Frame): void {
    clearTimeout(this.patience)
    this.attempts = 0
    if (frame.kind === 'pong') return this.advanced(frame.entry)
    if (frame.kind === 'caught_up') return this.caughtUp(frame.entry)
    if (frame.kind === 'resync') return this.options.onResync()
    if (typeof frame.entry !== 'number') return this.options.onOther(frame)
    if (this.light === 'catching_up') this.expectQuiet()
    if (frame.entry <= this.lastEntry) return
    this.entry = frame.entry
    this.options.onEvent(frame)
    this.options.onLight(this.light, frame.entry)
  }

  private caughtUp(entry: number | undefined): void {
    clearTimeout(this.quiet)
    const blind = this.entry === null
    if (entry !== undefined) this.entry = Math.max(this.lastEntry, entry)
    this.show('live')
    if (blind) this.options.onResync()
  }

  /** The server counts lines of tickets that this viewer may not see: the position moves on without an event. */
  private advanced(entry: number | undefined): void {
    if (entry === undefined || entry <= this.lastEntry) return
    this.entry = entry
    this.options.onLight(this.light, entry)
  }

  private expectQuiet(): void {
    clearTimeout(this.quiet)
    this.quiet = setTimeout(() => this.show('live'), QUIET_MS)
  }

  private beat(): void {
    this.send({ kind: 'ping', entry: this.lastEntry })
    clearTimeout(this.patience)
    this.patience = setTimeout(() => this.socket && this.closed(this.socket), PATIENCE_MS)
  }

  private show(light: Light): void {
    this.light = light
    this.options.onLight(light, this.lastEntry)
  }

  private readonly wake = (): void => {
    clearTimeout(this.retryTimer)
    this.attempts = 0
    this.connect()
  }

  private readonly sleep = (): void => this.drop()

  private readonly lookUp = (): void => {
    if (document.visibilityState !== 'visible') return
    if (this.socket) this.beat()
    else this.wake()
  }
}
