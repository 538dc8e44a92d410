/** The live feed as a Vue composable: light, last entry, presence; starts after `me` says where the feed stands. */
import { onBeforeUnmount, ref, type Ref } from 'vue'

import { toLogin } from '@/api/http'
import type { LiveEvent, Presence } from '@/api/types'
import { me } from '@/shell/session'

import { LiveFeed, type Light } from './live'

export interface Live {
  light: Ref<Light>
  entry: Ref<number>
  presence: Ref<Map<string, Presence['people']>>
  start: (after?: number) => void
  looking: (number: string | null) => void
  send: LiveFeed['send']
}

export function useLive(path: string, onEvent: (event: LiveEvent) => void, onResync: () => void): Live {
  const light = ref<Light>('offline')
  const entry = ref(0)
  const presence = ref(new Map<string, Presence['people']>())
  let feed: LiveFeed | null = null

  function start(after?: number): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    feed = new LiveFeed({
      after,
      url: (last) => `${scheme}://${location.host}${path}${last === null ? '' : `?after=${last}`}`,
      onEvent: (frame) => { if (frame.ticket) onEvent(frame as unknown as LiveEvent) },
      onOther: (frame) => {
        if (frame.kind !== 'presence') return
        const { number, people: all } = frame as unknown as Presence
        const people = all.filter((person) => person.username !== me.value?.username)
        if (people.length) presence.value.set(number, people)
        else presence.value.delete(number)
      },
      onResync,
      onSignedOut: toLogin,
      onLight: (shown, last) => {
        light.value = shown
        entry.value = last
      },
    })
    feed.start()
  }

  onBeforeUnmount(() => feed?.stop())
  return {
    light, entry, presence, start,
    looking: (number) => feed?.looking(number),
    send: (frame) => feed?.send(frame),
  }
}
