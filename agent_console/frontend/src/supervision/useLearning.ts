/** The learning loop's page: the models, the one that is looked at, and a training while it runs. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import {
  alarmSeen, decide, fetchLearning, fetchModel, trainNow, type Deed, type Learning, type ModelDetail, type ModelName,
} from '@/api/learning'
import { tell } from '@/shell/boot'
import { readUrl, writeUrl } from '@/shell/urlState'

export const NAMES: ModelName[] = ['type', 'matter', 'department']

export interface LearningScreen {
  page: ShallowRef<Learning | null>
  detail: ShallowRef<ModelDetail | null>
  name: Ref<ModelName>
  error: ShallowRef<unknown>
  training: ComputedRef<boolean>
  load: () => Promise<void>
  train: () => Promise<void>
  seen: (id: number) => Promise<void>
  act: (deed: Deed, why: string, version?: string) => Promise<void>
}

/** How often a training that runs is looked at. */
const LOOK_MS = 2_000

export function useLearning(): LearningScreen {
  const named = readUrl().model as ModelName | undefined
  const name = ref<ModelName>(named && NAMES.includes(named) ? named : 'matter')
  const page = shallowRef<Learning | null>(null)
  const detail = shallowRef<ModelDetail | null>(null)
  const error = shallowRef<unknown>(null)
  const training = computed(() => ['waiting', 'running'].includes(page.value?.training?.state ?? ''))
  let later: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    clearTimeout(later)
    try {
      const [whole, one] = await Promise.all([fetchLearning(), fetchModel(name.value)])
      if (mine !== asked) return
      page.value = whole
      detail.value = one
      error.value = null
      if (training.value) later = setTimeout(() => { void load() }, LOOK_MS)
    } catch (failure) {
      if (mine === asked) error.value = failure
    }
  }

  async function doing(deed: () => Promise<unknown>): Promise<void> {
    try {
      await deed()
    } catch (failure) {
      tell(failure)
    }
    await load()
  }

  watch(name, () => {
    writeUrl({ tab: 'learning', model: name.value })
    detail.value = null
    void load()
  })
  onScopeDispose(() => { asked += 1; clearTimeout(later) })

  return {
    page, detail, name, error, training, load,
    train: () => doing(trainNow),
    seen: (id) => doing(() => alarmSeen(id)),
    /** Errors of a decision belong beside its reason, so they are the caller's. */
    act: async (deed, why, version) => {
      await decide(name.value, deed, { why, ...(version === undefined ? {} : { version }) })
      await load()
    },
  }
}
