/** Holds a little sound back so that uneven arrival is not heard, and follows the sender's clock; runs in the audio thread. */

/** Samples at 16 kHz: hold 80 ms back, 20 ms more after each time that was too little, up to 200 ms; never more than 400 ms. */
const TARGET = 1_280
const MORE = 320
const HIGHEST = 3_200
const MOST = 6_400
const SIZE = 8_192
/** How much faster or slower a fuller or emptier buffer is played: half a per cent is not heard. */
const PULL = 0.005
/** Silence is faded into and out of over this many samples of output, so that a gap does not click. */
const FADE = 96

export class JitterBuffer {
  private readonly ring = new Float32Array(SIZE)
  private written = 0
  private read = 0
  private playing = false
  private gain = 0
  private target = TARGET
  private smoothed = TARGET
  private last = 0
  /** How often sound ran out, and how many samples were thrown away because too many came. */
  underruns = 0
  dropped = 0

  constructor(private readonly ratio: number) {}

  get held(): number {
    return this.written - this.read
  }

  push(pcm: Int16Array): void {
    for (const value of pcm) {
      this.ring[this.written % SIZE] = value / 32_768
      this.written += 1
    }
    if (this.held > MOST) {
      const surplus = this.held - this.target
      this.read += surplus
      this.dropped += Math.round(surplus)
    }
    if (!this.playing && this.held >= this.target) {
      this.playing = true
      this.smoothed = this.held
    }
  }

  /** Fills `out` at the output's rate: sound while there is some, silence otherwise. */
  pull(out: Float32Array): void {
    this.smoothed += (this.held - this.smoothed) * 0.02
    const lean = Math.max(-1, Math.min(1, (this.smoothed - this.target) / this.target))
    const step = this.ratio * (1 + lean * PULL)
    for (let index = 0; index < out.length; index += 1) {
      if (this.playing && this.held < 4) {
        this.playing = false
        this.underruns += 1
        this.target = Math.min(HIGHEST, this.target + MORE)
      }
      if (this.playing) {
        this.last = this.sample()
        this.read += step
      }
      this.gain += this.playing ? (1 - this.gain) / FADE : -this.gain / FADE
      out[index] = this.last * this.gain
    }
  }

  clear(): void {
    this.read = this.written
    this.playing = false
    this.target = TARGET
  }

  /** Between two samples by a cubic through four. */
  private sample(): number {
    const whole = Math.floor(this.read)
    const t = this.read - whole
    const y = (offset: number): number => this.ring[(whole + offset + SIZE) % SIZE] ?? 0
    const before = whole > 0 ? y(-1) : y(0)
    const [here, next, after] = [y(0), y(1), y(2)]
    const a = -0.5 * before + 1.5 * here - 1.5 * next + 0.5 * after
    const b = before - 2.5 * here + 2 * next - 0.5 * after
    return ((a * t + b) * t + 0.5 * (next - before)) * t + here
  }
}
