/** Sound as numbers: what the resampler keeps and removes, and how the jitter buffer bears a rough network. */
import { describe, expect, it } from 'vitest'

import { meter, whyClosed } from './audio'
import { JitterBuffer } from './jitter'
import { Resampler, loudness, toPcm } from './resample'

const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rate))

/** In the blocks of 128 that the audio thread gives. */
function streamed(resampler: Resampler, sound: Float32Array): Float32Array {
  const parts: number[] = []
  for (let at = 0; at < sound.length; at += 128) parts.push(...resampler.push(sound.subarray(at, at + 128)))
  return Float32Array.from(parts)
}

/** The strength of one frequency, 1 for a full tone of amplitude 0.5. */
function strength(sound: Float32Array, hertz: number, rate: number): number {
  let [real, imaginary] = [0, 0]
  sound.forEach((value, index) => {
    real += value * Math.cos((2 * Math.PI * hertz * index) / rate)
    imaginary += value * Math.sin((2 * Math.PI * hertz * index) / rate)
  })
  return (4 * Math.hypot(real, imaginary)) / sound.length
}

describe('Resampler', () => {
  it.each([44_100, 48_000, 96_000, 16_000])('makes 16 000 samples of each second at %d Hz, whatever the blocks', (rate) => {
    const out = streamed(new Resampler(rate, 16_000), tone(1_000, rate, 2))
    expect(Math.abs(out.length - 32_000)).toBeLessThan(30)
    const whole = new Resampler(rate, 16_000).push(tone(1_000, rate, 2))
    expect(out.subarray(0, 20_000)).toEqual(whole.subarray(0, 20_000))
  })

  it.each([44_100, 48_000])('keeps speech and folds nothing back from above the half rate (%d Hz)', (rate) => {
    for (const hertz of [300, 1_000, 3_400, 6_000]) {
      const out = streamed(new Resampler(rate, 16_000), tone(hertz, rate, 1))
      const kept = strength(out.subarray(200, 15_400), hertz, 16_000)
      expect(kept, `${hertz}`).toBeGreaterThan(0.92)
      expect(kept, `${hertz}`).toBeLessThan(1.02)
    }
    const folded = streamed(new Resampler(rate, 16_000), tone(11_000, rate, 1))
    expect(strength(folded.subarray(200, 15_400), 5_000, 16_000)).toBeLessThan(0.002)
  })

  it('writes full scale without wrapping round', () => {
    expect([...toPcm(Float32Array.from([0, 1, -1, 1.7, -3]))]).toEqual([0, 32_767, -32_767, 32_767, -32_768])
    expect(loudness(new Int16Array(320))).toBe(0)
    expect(loudness(toPcm(tone(1_000, 16_000, 1)))).toBeCloseTo(0.354, 2)
  })
})

describe('JitterBuffer', () => {
  const frame = (value: number): Int16Array => new Int16Array(320).fill(value)
  const BLOCK = 128 / 48_000

  /** Plays for some seconds; `arrivals` are the times at which one frame of 20 ms comes. */
  function run(seconds: number, arrivals: number[], value = 8_192): { buffer: JitterBuffer; out: Float32Array } {
    const buffer = new JitterBuffer(16_000 / 48_000)
    const out = new Float32Array(Math.round(seconds / BLOCK) * 128)
    let next = 0
    for (let block = 0; block * 128 < out.length; block += 1) {
      while (next < arrivals.length && (arrivals[next] as number) <= block * BLOCK) {
        buffer.push(frame(value))
        next += 1
      }
      buffer.pull(out.subarray(block * 128, block * 128 + 128))
    }
    return { buffer, out }
  }

  it('is silent until 80 ms are there, then plays without a gap', () => {
    const { buffer, out } = run(2, Array.from({ length: 110 }, (_, index) => index * 0.02))
    expect(out.subarray(0, 2_800).every((value) => value === 0)).toBe(true)
    expect([buffer.underruns, buffer.dropped]).toEqual([0, 0])
    expect(out[90_000]).toBeCloseTo(0.25, 3)
  })

  it('bears frames that come in bunches of three', () => {
    const { buffer } = run(5, Array.from({ length: 260 }, (_, index) => Math.floor(index / 3) * 0.06))
    expect([buffer.underruns, buffer.dropped]).toEqual([0, 0])
  })

  it('holds more back once bunches were too large for it', () => {
    const { buffer } = run(20, Array.from({ length: 1_020 }, (_, index) => Math.floor(index / 7) * 0.14))
    const early = buffer.underruns
    expect(early).toBeGreaterThan(0)
    expect(early).toBeLessThan(6)
    expect(buffer.dropped).toBe(0)
  })

  it.each([0.999, 1.001])('follows a sender whose clock runs at %d of ours for ten minutes', (pace) => {
    const { buffer } = run(600, Array.from({ length: 30_100 }, (_, index) => (index * 0.02) / pace))
    expect([buffer.underruns, buffer.dropped]).toEqual([0, 0])
    expect(buffer.held).toBeGreaterThan(300)
    expect(buffer.held).toBeLessThan(2_400)
  })

  it('falls silent softly when sound runs out, and starts again after the gap', () => {
    const talk = Array.from({ length: 50 }, (_, index) => index * 0.02)
    const { buffer, out } = run(4, [...talk, ...talk.map((at) => at + 2.5)])
    expect(buffer.underruns).toBe(2)
    expect(Math.abs(out[Math.round(2 * 48_000)] as number)).toBeLessThan(0.001)
    let steepest = 0
    out.forEach((value, index) => { steepest = Math.max(steepest, Math.abs(value - (out[index - 1] ?? 0))) })
    expect(steepest).toBeLessThan(0.01)
  })

  it('throws the oldest away after a stall instead of lagging for the rest of the call', () => {
    const { buffer } = run(3, [...Array.from({ length: 50 }, () => 1), ...Array.from({ length: 90 }, (_, index) => 1.02 + index * 0.02)])
    expect(buffer.dropped).toBeGreaterThan(0)
    expect(buffer.held).toBeLessThan(2_400)
  })
})

describe('the meter and the microphone', () => {
  it('shows loudness as ears hear it', () => {
    expect([meter(0), meter(0.001), meter(1)]).toEqual([0, 0, 1])
    expect(meter(0.0316)).toBeCloseTo(0.5, 2)
  })

  it('tells a refusal from a missing or a busy microphone', () => {
    const failed = (name: string): string => whyClosed(new DOMException('', name))
    expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'OperationError'].map(failed)).toEqual(['refused', 'missing', 'busy', 'broken'])
  })
})
