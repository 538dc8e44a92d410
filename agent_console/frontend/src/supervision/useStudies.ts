/** The studies of one kind: those there are, the one that is looked at, and one that is being worked out. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchStudies, fetchStudy, type Days, type Found, type Study, type StudyKind, type StudyRow } from '@/api/studies'
import { tell } from '@/shell/boot'
import { readUrl, writeUrl } from '@/shell/urlState'

export interface Studies<F extends Found> {
  rows: ShallowRef<StudyRow[] | null>
  /** Which one is looked at; the newest that has ended well when none is named. */
  id: Ref<number | null>
  study: ShallowRef<Study<F> | null>
  running: ComputedRef<StudyRow | null>
  mayAsk: Ref<boolean>
  error: ShallowRef<unknown>
  load: () => Promise<void>
  ask: (asking: () => Promise<StudyRow>) => Promise<void>
}

/** How often one that is being worked out is looked at. */
const LOOK_MS = 2_000
const DAY_MS = 86_400_000

/** The last so many days, today included. */
export function lastDays(count: number, today = new Date()): Days {
  const day = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
  return { since: day(new Date(today.getTime() - (count - 1) * DAY_MS)), until: day(today) }
}

export function useStudies<F extends Found>(kind: StudyKind): Studies<F> {
  const rows = shallowRef<StudyRow[] | null>(null)
  const id = ref<number | null>(Number(readUrl().study) || null)
  const study = shallowRef<Study<F> | null>(null)
  const mayAsk = ref(false)
  const error = shallowRef<unknown>(null)
  const running = computed(() => rows.value?.find((row) => ['waiting', 'running'].includes(row.state)) ?? null)
  let later: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    clearTimeout(later)
    const worked = running.value?.id
    try {
      const page = await fetchStudies(kind)
      const ended = page.results.find((row) => row.id === worked && row.state === 'done')
      const named = ended?.id ?? id.value ?? page.results.find((row) => row.state === 'done')?.id ?? null
      const one = named === null || study.value?.id === named ? study.value : await fetchStudy<F>(named)
      if (mine !== asked) return
      rows.value = page.results
      mayAsk.value = page.may_ask
      study.value = one
      id.value = named
      error.value = null
      if (running.value) later = setTimeout(() => { void load() }, LOOK_MS)
    } catch (failure) {
      if (mine === asked) error.value = failure
    }
  }

  async function ask(asking: () => Promise<StudyRow>): Promise<void> {
    try {
      await asking()
    } catch (failure) {
      tell(failure)
    }
    await load()
  }

  watch(id, (chosen, before) => {
    writeUrl({ ...readUrl(), tab: kind, study: chosen === null ? null : String(chosen) })
    if (before !== null && study.value?.id !== chosen) void load()
  })
  onScopeDispose(() => { asked += 1; clearTimeout(later) })
  return { rows, id, study, running, mayAsk, error, load, ask }
}
