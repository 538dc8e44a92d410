/** Repeats of an open ticket, and of the one being typed: asked for when typing pauses, the last answer counts. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

import { fetchRepeats, fetchRepeatsOf, type Repeat } from '@/api/repeats'
import type { Typed } from '@/desk/useNewTicket'

const PAUSE = 500
const FEWEST_LETTERS = 4
const FEWEST_DIGITS = 7

export function useRepeatsOf(typed: Typed, shown: Ref<boolean>): Ref<Repeat[]> {
  const found = ref<Repeat[]>([])
  let waiting: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask(mine: number): Promise<void> {
    try {
      const page = await fetchRepeatsOf({ text: typed.text, address: typed.address, phone: typed.caller })
      if (mine === asked) found.value = page.results
    } catch {
      if (mine === asked) found.value = [] // a help beside the form: typing goes on without it
    }
  }

  watch([typed, shown], () => {
    clearTimeout(waiting)
    const mine = ++asked
    const enough = typed.text.trim().length >= FEWEST_LETTERS || typed.caller.trim().length >= FEWEST_DIGITS
    if (shown.value && enough) waiting = setTimeout(() => void ask(mine), PAUSE)
    else found.value = []
  })
  onScopeDispose(() => { clearTimeout(waiting) })
  return found
}

export function useRepeats(number: () => string): Ref<Repeat[]> {
  const found = ref<Repeat[]>([])
  watch(number, async (wanted) => {
    found.value = []
    try {
      const page = await fetchRepeats(wanted)
      if (wanted === number()) found.value = page.results
    } catch {
      found.value = [] // the ticket itself is shown without it
    }
  }, { immediate: true })
  return found
}
