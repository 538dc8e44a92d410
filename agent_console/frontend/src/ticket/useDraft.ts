/** What is being typed about a ticket, kept on the server a moment later, so that nothing is lost with the page. */
import { onBeforeUnmount, onMounted, reactive, ref, type Ref } from 'vue'

import { saveDraft } from '@/api/calls'
import type { Draft, Ticket } from '@/api/types'

const PAUSE_MS = 800
const RETRY_MS = 5_000

export type DraftState = 'clean' | 'typing' | 'saved' | 'unsaved'
export interface Words { reply: string; answer: string; fields: Record<string, unknown> }

export interface TicketDraft {
  words: Words
  state: Ref<DraftState>
  take: (ticket: Ticket) => void
  type: <Part extends keyof Words>(part: Part, value: Words[Part]) => void
  flush: () => Promise<void>
}

export function useDraft(): TicketDraft {
  const words = reactive<Words>({ reply: '', answer: '', fields: {} })
  const state = ref<DraftState>('clean')
  /** Drafts that the server does not have yet, by ticket: one that fails is sent again, also after moving on. */
  const unsent = new Map<string, Draft>()
  let number: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function take(ticket: Ticket): void {
    if (ticket.number === number) return
    void flush()
    number = ticket.number
    const kept = unsent.get(number) ?? ticket.draft
    words.reply = kept?.reply ?? ''
    words.answer = kept?.answer ?? ''
    words.fields = { ...kept?.fields }
    state.value = words.reply || words.answer ? 'saved' : 'clean'
  }

  function type<Part extends keyof Words>(part: Part, value: Words[Part]): void {
    if (!number || JSON.stringify(words[part]) === JSON.stringify(value)) return
    words[part] = value
    unsent.set(number, { reply: words.reply, answer: words.answer, fields: { ...words.fields } })
    state.value = 'typing'
    later(PAUSE_MS)
  }

  function later(pause: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => { void flush() }, pause)
  }

  async function flush(keepalive = false): Promise<void> {
    clearTimeout(timer)
    for (const [target, draft] of [...unsent]) await send(target, draft, keepalive)
  }

  async function send(target: string, draft: Draft, keepalive: boolean): Promise<void> {
    try {
      await saveDraft(target, draft, { keepalive })
      if (unsent.get(target) === draft) unsent.delete(target)
      if (target === number && !unsent.has(target)) state.value = 'saved'
    } catch {
      if (target === number) state.value = 'unsaved'
      later(RETRY_MS)
    }
  }

  const leave = (): void => { void flush(true) }
  onMounted(() => { window.addEventListener('pagehide', leave) })
  onBeforeUnmount(() => { window.removeEventListener('pagehide', leave) })

  return { words, state, take, type, flush: () => flush() }
}
