/** Microphone and headset of the desk: opened with the call, closed with it; the devices of choice are kept in this browser. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import worklet from './worklet.ts?worker&url'

export type MicrophoneState = 'closed' | 'opening' | 'open' | 'refused' | 'missing' | 'busy' | 'insecure' | 'broken'

export interface DeviceChoice { id: string; label: string }

export interface Sound {
  microphone: Ref<MicrophoneState>
  /** Loudness of the microphone, 0 to 1 as a meter shows it. */
  level: Ref<number>
  /** The browser plays nothing before the page has been touched. */
  silent: Ref<boolean>
  inputs: ShallowRef<DeviceChoice[]>
  outputs: ShallowRef<DeviceChoice[]>
  input: Ref<string>
  output: Ref<string>
  /** Asks for the microphone once, so that the browser's question does not come with the first call. */
  prepare: () => Promise<boolean>
  open: () => Promise<void>
  close: () => void
  play: (frame: ArrayBuffer) => void
  /** To be called from a click or a key: lets the browser make sound. */
  touch: () => Promise<void>
  ring: (on: boolean) => void
  choose: (kind: 'input' | 'output', id: string) => Promise<void>
}

const KEPT = { input: 'phone.microphone', output: 'phone.headset' }
const FLOOR_DB = -60
const RING_HZ = [480, 620]
const RING_PERIOD_S = 3
const RINGS_AHEAD = 20

/** Where the browser keeps nothing (a private window), the system's own device is used. */
function kept(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

export function meter(loudness: number): number {
  if (loudness <= 0) return 0
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(loudness)) / FLOOR_DB))
}

/** Why the microphone did not open, in one word for the screen. */
export function whyClosed(failure: unknown): MicrophoneState {
  const name = failure instanceof Error || failure instanceof DOMException ? failure.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return 'broken'
}

export function useSound(onFrame: (frame: ArrayBuffer) => void): Sound {
  const microphone = ref<MicrophoneState>('closed')
  const level = ref(0)
  const silent = ref(false)
  const inputs = shallowRef<DeviceChoice[]>([])
  const outputs = shallowRef<DeviceChoice[]>([])
  const input = ref(kept(KEPT.input))
  const output = ref(kept(KEPT.output))
  let context: AudioContext | null = null
  let loading: Promise<AudioContext> | null = null
  let player: AudioWorkletNode | null = null
  let taken: { stream: MediaStream; source: MediaStreamAudioSourceNode; capture: AudioWorkletNode } | null = null
  let bell: GainNode | null = null
  let wanted = false

  /** One context for the life of the page; its worklets are loaded once. */
  function ready(): Promise<AudioContext> {
    loading ??= (async () => {
      context = new AudioContext({ latencyHint: 'interactive' })
      context.onstatechange = () => { silent.value = context?.state !== 'running' }
      silent.value = context.state !== 'running'
      await context.audioWorklet.addModule(worklet)
      player = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] })
      player.connect(context.destination)
      await toOutput()
      return context
    })()
    return loading
  }

  async function toOutput(): Promise<void> {
    const able = context as (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | null
    // A headset that was unplugged: the system's own device plays instead.
    await able?.setSinkId?.(output.value).catch(() => able.setSinkId?.(''))
  }

  async function microphoneStream(): Promise<MediaStream> {
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
    if (input.value) audio.deviceId = { ideal: input.value }
    return navigator.mediaDevices.getUserMedia({ audio })
  }

  async function look(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices()
    const of = (kind: MediaDeviceKind): DeviceChoice[] =>
      all.filter((device) => device.kind === kind && device.deviceId && device.label).map((device) => ({ id: device.deviceId, label: device.label }))
    inputs.value = of('audioinput')
    outputs.value = 'setSinkId' in AudioContext.prototype ? of('audiooutput') : []
  }

  async function prepare(): Promise<boolean> {
    if (!navigator.mediaDevices) {
      microphone.value = 'insecure'
      return false
    }
    if (taken) return true
    try {
      const stream = await microphoneStream()
      await look()
      if (!wanted) for (const track of stream.getTracks()) track.stop()
      if (microphone.value !== 'open') microphone.value = 'closed'
      return true
    } catch (failure) {
      microphone.value = whyClosed(failure)
      return false
    }
  }

  async function open(): Promise<void> {
    wanted = true
    if (taken || microphone.value === 'opening') return
    if (!navigator.mediaDevices) {
      microphone.value = 'insecure'
      return
    }
    microphone.value = 'opening'
    try {
      const [running, stream] = await Promise.all([ready(), microphoneStream()])
      if (!wanted) return void release(stream)
      const source = running.createMediaStreamSource(stream)
      const capture = new AudioWorkletNode(running, 'capture', { numberOfOutputs: 0 })
      capture.port.onmessage = (event: MessageEvent<{ frame: ArrayBuffer; level: number | null }>) => {
        onFrame(event.data.frame)
        if (event.data.level !== null) level.value = meter(event.data.level)
      }
      source.connect(capture)
      stream.getAudioTracks()[0]?.addEventListener('ended', lost)
      taken = { stream, source, capture }
      microphone.value = 'open'
      void running.resume()
      void look()
    } catch (failure) {
      microphone.value = whyClosed(failure)
    }
  }

  function release(stream: MediaStream): void {
    for (const track of stream.getTracks()) track.stop()
    microphone.value = 'closed'
    level.value = 0
  }

  /** The headset was pulled out in the middle of a call. */
  function lost(): void {
    const again = wanted
    close()
    if (again) void open()
  }

  function close(): void {
    wanted = false
    player?.port.postMessage('clear')
    if (!taken) return
    const { stream, source, capture } = taken
    taken = null
    capture.port.onmessage = null
    source.disconnect()
    stream.getAudioTracks()[0]?.removeEventListener('ended', lost)
    release(stream)
  }

  /** Two soft tones, scheduled ahead so that a busy page does not break their rhythm. */
  function ring(on: boolean): void {
    bell?.disconnect()
    bell = null
    if (!on || !context || context.state !== 'running') return
    bell = new GainNode(context, { gain: 0.12 })
    bell.connect(context.destination)
    for (let round = 0; round < RINGS_AHEAD; round += 1) {
      RING_HZ.forEach((frequency, place) => { tone(frequency, round * RING_PERIOD_S + place * 0.22) })
    }
  }

  function tone(frequency: number, after: number): void {
    if (!context || !bell) return
    const start = context.currentTime + after
    const envelope = new GainNode(context, { gain: 0 })
    envelope.gain.setValueAtTime(0, start)
    envelope.gain.linearRampToValueAtTime(1, start + 0.02)
    envelope.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
    const note = new OscillatorNode(context, { frequency })
    note.connect(envelope).connect(bell)
    note.start(start)
    note.stop(start + 0.5)
  }

  async function choose(kind: 'input' | 'output', id: string): Promise<void> {
    ;(kind === 'input' ? input : output).value = id
    try {
      localStorage.setItem(KEPT[kind], id)
    } catch {
      // Where the browser keeps nothing the choice holds for this page.
    }
    if (kind === 'output') return toOutput()
    if (!taken) return
    close()
    await open()
  }

  return {
    microphone, level, silent, inputs, outputs, input, output, prepare, open, close, ring, choose,
    play: (frame) => player?.port.postMessage(frame, [frame]),
    touch: async () => {
      try {
        await (await ready()).resume()
      } catch {
        microphone.value = 'broken'
      }
    },
  }
}
