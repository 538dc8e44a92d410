/** A ticket typed by hand: what was typed stays until it was sent, and a second try makes no second ticket. */
import { ElMessage } from 'element-plus'
import { computed, reactive, ref, type Ref } from 'vue'

import { typeTicket } from '@/api/calls'
import { ApiError } from '@/api/http'
import { say, tell } from '@/shell/boot'
import { t } from '@/words'

export interface Typed { text: string; caller: string; name: string; address: string }

export interface NewTicket {
  shown: Ref<boolean>
  typed: Typed
  errors: Ref<Partial<Record<keyof Typed, string>>>
  sending: Ref<boolean>
  /** Something was typed and has not been sent. */
  kept: Ref<boolean>
  clear: () => void
  send: () => Promise<void>
}

const EMPTY: Typed = { text: '', caller: '', name: '', address: '' }

/** Also where there is no https, and so no crypto.randomUUID. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function useNewTicket(open: (number: string) => void): NewTicket {
  const shown = ref(false)
  const typed = reactive<Typed>({ ...EMPTY })
  const errors = ref<Partial<Record<keyof Typed, string>>>({})
  const sending = ref(false)
  const kept = computed(() => Object.values(typed).some((words) => words.trim() !== ''))
  let key = newKey()
  /** What went out first under this key: if that made the ticket, nothing sent later is in it. */
  let first: string | null = null

  function clear(): void {
    Object.assign(typed, EMPTY)
    errors.value = {}
    start()
  }

  function start(): void {
    key = newKey()
    first = null
  }

  function show(failure: unknown): void {
    const told = failure instanceof ApiError ? Object.entries(failure.problem.errors ?? {}) : []
    if (told.length === 0) return tell(failure)
    const named = told.map(([name, texts]) => [name.replace('place.', ''), texts.join(' ')] as const)
    errors.value = Object.fromEntries(named)
    if (!named.some(([name]) => name in EMPTY)) tell(failure)
  }

  async function send(): Promise<void> {
    if (sending.value) return
    errors.value = typed.text.trim() ? {} : { text: t('error.required') }
    if (errors.value.text) return
    const { address, ...words } = typed
    const [now, before] = [JSON.stringify(typed), first]
    first ??= now
    sending.value = true
    try {
      const made = await typeTicket({ key, ...words, place: { address } })
      const changed = !made.fresh && now !== first
      if (changed) {
        ElMessage.warning({ message: t('new.changed'), duration: 10_000 })
        start() // what was typed stays, to be copied from
      } else {
        say(made.number ? t('new.done', { number: made.number }) : t('new.later'))
        clear()
      }
      shown.value = false
      if (made.number) open(made.number)
    } catch (failure) {
      if (failure instanceof ApiError && failure.status < 500) first = before // refused: nothing was kept of it
      show(failure)
    } finally {
      sending.value = false
    }
  }

  return { shown, typed, errors, sending, kept, clear, send }
}
