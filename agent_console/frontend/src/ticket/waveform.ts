/** The loudness of a recording in a few dozen bars, decoded by the browser itself. */

const BARS = 44

export function barsOf(samples: Float32Array, count = BARS): number[] {
  const step = Math.max(1, Math.floor(samples.length / count))
  const bars = Array.from({ length: Math.min(count, samples.length) }, (_, bar) => {
    let peak = 0
    for (let index = bar * step; index < (bar + 1) * step; index += 1) peak = Math.max(peak, Math.abs(samples[index] ?? 0))
    return peak
  })
  const loudest = Math.max(...bars, 0.01)
  return bars.map((peak) => peak / loudest)
}

/** Empty when the browser cannot decode it: the player then shows a plain track. */
export async function peaksOf(url: string, signal: AbortSignal): Promise<number[]> {
  const context = new AudioContext()
  try {
    const response = await fetch(url, { signal, credentials: 'same-origin' })
    const sound = await context.decodeAudioData(await response.arrayBuffer())
    return barsOf(sound.getChannelData(0))
  } catch {
    return []
  } finally {
    await context.close()
  }
}
