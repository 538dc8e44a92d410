/** The audio thread: what the microphone hears leaves as 20 ms frames, what the switchboard sends is played evenly. */
import { JitterBuffer } from './jitter'
import { Resampler, loudness, toPcm } from './resample'
import { FRAME_SAMPLES, RATE } from './wire'

/** What TypeScript's DOM library leaves out of the audio thread. */
declare const sampleRate: number
declare function registerProcessor(name: string, made: new () => AudioWorkletProcessor): void
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean
}

/** Frames between two reports of loudness: five a second are enough for a meter. */
const REPORT_EVERY = 10

class Capture extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, RATE)
  private frame = new Int16Array(FRAME_SAMPLES)
  private filled = 0
  private frames = 0
  private loudest = 0

  process(inputs: Float32Array[][]): boolean {
    const heard = inputs[0]?.[0]
    if (!heard) return true
    for (const value of toPcm(this.resampler.push(heard))) {
      this.frame[this.filled] = value
      this.filled += 1
      if (this.filled === FRAME_SAMPLES) this.leave()
    }
    return true
  }

  private leave(): void {
    this.loudest = Math.max(this.loudest, loudness(this.frame))
    this.frames += 1
    const level = this.frames % REPORT_EVERY === 0 ? this.loudest : null
    if (level !== null) this.loudest = 0
    this.port.postMessage({ frame: this.frame.buffer, level }, [this.frame.buffer])
    this.frame = new Int16Array(FRAME_SAMPLES)
    this.filled = 0
  }
}

class Playback extends AudioWorkletProcessor {
  private readonly buffer = new JitterBuffer(RATE / sampleRate)

  constructor() {
    super()
    this.port.onmessage = (event: MessageEvent<ArrayBuffer | 'clear'>) => {
      if (event.data === 'clear') this.buffer.clear()
      else this.buffer.push(new Int16Array(event.data))
    }
  }

  process(_: Float32Array[][], outputs: Float32Array[][]): boolean {
    const channels = outputs[0] ?? []
    if (channels[0]) this.buffer.pull(channels[0])
    for (const other of channels.slice(1)) other.set(channels[0] as Float32Array)
    return true
  }
}

registerProcessor('capture', Capture)
registerProcessor('playback', Playback)
