/** The wallboard's figures: read again as tickets move and at least every few seconds; their age is always known. */
import { computed, onBeforeUnmount, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchWallboard } from '@/api/calls'
import { ApiError, OfflineError } from '@/api/http'
import type { WallboardFigures } from '@/api/types'
import { useLive, type Live } from '@/live/useLive'
import { loadMe, me } from '@/shell/session'

export interface Wallboard {
  figures: ShallowRef<WallboardFigures | null>
  live: Live
  /** Seconds since the figures were true; null before there are any. */
  age: ComputedRef<number | null>
  stale: ComputedRef<boolean>
  /** The last reading came to nothing. */
  failed: Ref<boolean>
  now: Ref<number>
  begin: () => void
}

/** Many changes in a row are answered with one reading. */
const SETTLE_MS = 2_000
const AT_LEAST_EVERY_MS = 10_000
const STALE_SECONDS = 30
const SECOND_MS = 1_000

export function useWallboard(): Wallboard {
  const figures = shallowRef<WallboardFigures | null>(null)
  const readAt = ref(0)
  const failed = ref(false)
  const now = ref(Date.now())
  let later: ReturnType<typeof setTimeout> | undefined
  const live = useLive('/ws/wallboard/', () => { soon(SETTLE_MS) }, () => { soon(0) })
  const ticking = setInterval(() => { now.value = Date.now() }, SECOND_MS)
  const regular = setInterval(() => { void load() }, AT_LEAST_EVERY_MS)

  const age = computed(() => (readAt.value ? Math.max(0, Math.round((now.value - readAt.value) / SECOND_MS)) : null))

  function soon(wait: number): void {
    later ??= setTimeout(() => { void load() }, wait)
  }

  /** A reading that fails is not told in words: the age of the figures says it, and the next one comes soon. */
  async function load(): Promise<void> {
    clearTimeout(later)
    later = undefined
    try {
      if (!me.value) live.start((await loadMe()).entry)
      figures.value = await fetchWallboard()
      readAt.value = Date.now()
      failed.value = false
    } catch (failure) {
      if (!(failure instanceof ApiError || failure instanceof OfflineError)) throw failure
      failed.value = true
    }
  }

  onBeforeUnmount(() => {
    clearInterval(ticking)
    clearInterval(regular)
    clearTimeout(later)
  })

  return { figures, live, age, failed, stale: computed(() => (age.value ?? 0) > STALE_SECONDS), now, begin: () => { void load() } }
}
