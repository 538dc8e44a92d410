/** Sound from one sampling rate to another as it streams: a windowed sinc down, a cubic up; runs in the audio thread. */

const HALF_TAPS = 24
const STEPS = 128

/** A low-pass of `cutoff` (share of the input's rate), tabulated at fractions of a sample. */
function kernel(cutoff: number): Float32Array {
  const table = new Float32Array(HALF_TAPS * STEPS + 1)
  for (let index = 0; index <= HALF_TAPS * STEPS; index += 1) {
    const x = index / STEPS
    const sinc = x === 0 ? 1 : Math.sin(2 * Math.PI * cutoff * x) / (2 * Math.PI * cutoff * x)
    const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / HALF_TAPS) + 0.08 * Math.cos((2 * Math.PI * x) / HALF_TAPS)
    table[index] = 2 * cutoff * sinc * window
  }
  return table
}

/** Downwards: microphone (44.1 or 48 kHz) to 16 kHz, nothing above the new half rate folded back. */
export class Resampler {
  private readonly step: number
  private readonly table: Float32Array
  private kept = new Float32Array(HALF_TAPS)
  private at = HALF_TAPS

  constructor(from: number, to: number) {
    this.step = from / to
    this.table = kernel(0.5 * Math.min(1, to / from) * 0.92)
  }

  /** The next samples in, as many out as they make; what is needed again is kept. */
  push(input: Float32Array): Float32Array {
    const all = new Float32Array(this.kept.length + input.length)
    all.set(this.kept)
    all.set(input, this.kept.length)
    const count = Math.max(0, Math.floor((all.length - HALF_TAPS - 1 - this.at) / this.step) + 1)
    const out = new Float32Array(count)
    for (let index = 0; index < count; index += 1) out[index] = this.value(all, this.at + index * this.step)
    this.at += count * this.step
    const drop = Math.max(0, Math.min(all.length, Math.floor(this.at) - HALF_TAPS))
    this.kept = all.slice(drop)
    this.at -= drop
    return out
  }

  private value(all: Float32Array, position: number): number {
    const first = Math.max(0, Math.ceil(position - HALF_TAPS))
    const last = Math.min(all.length - 1, Math.floor(position + HALF_TAPS))
    let sum = 0
    for (let index = first; index <= last; index += 1) {
      sum += (all[index] ?? 0) * (this.table[Math.round(Math.abs(position - index) * STEPS)] ?? 0)
    }
    return sum
  }
}

export function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))))
}

export function loudness(pcm: Int16Array): number {
  let sum = 0
  for (const value of pcm) sum += value * value
  return pcm.length ? Math.sqrt(sum / pcm.length) / 32_768 : 0
}
