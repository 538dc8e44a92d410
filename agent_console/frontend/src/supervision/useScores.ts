/** The scores of a period: the city's rates, the league and the estimates; which period stands in the address. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fetchEstimates, fetchLeague, fetchRates, type Days } from '@/api/calls'
import type { Estimate, League, Standing } from '@/api/scores'
import type { Rate } from '@/api/types'
import { readUrl, writeUrl } from '@/shell/urlState'
import { LENGTHS, periodOf, type Length } from '@/supervision/period'

export interface ScoresScreen {
  length: Ref<Length>
  back: Ref<number>
  level: Ref<string>
  days: ComputedRef<Days>
  rates: ShallowRef<Rate[]>
  estimates: ShallowRef<Estimate[]>
  league: ShallowRef<League | null>
  ranked: ComputedRef<Standing[]>
  unranked: ComputedRef<Standing[]>
  error: ShallowRef<unknown>
  load: () => Promise<void>
}

export function useScores(): ScoresScreen {
  const url = readUrl()
  const named = url.period as Length | undefined
  const length = ref<Length>(named && LENGTHS.includes(named) ? named : 'month')
  const back = ref(Math.max(0, Math.trunc(Number(url.back ?? 0)) || 0))
  const level = ref(url.level ?? '')
  const rates = shallowRef<Rate[]>([])
  const estimates = shallowRef<Estimate[]>([])
  const league = shallowRef<League | null>(null)
  const error = shallowRef<unknown>(null)
  const days = computed(() => periodOf(length.value, back.value, new Date()))
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const [whole, standings, guesses] = await Promise.all([
        fetchRates(days.value), fetchLeague(days.value, level.value || undefined), fetchEstimates(days.value),
      ])
      if (mine !== asked) return
      rates.value = whole.results
      league.value = standings
      estimates.value = guesses.results
      error.value = null
    } catch (failure) {
      if (mine === asked) error.value = failure
    }
  }

  watch(length, () => { back.value = 0 })
  watch([length, back, level], () => {
    writeUrl({ tab: 'scores', period: length.value, back: back.value ? String(back.value) : null, level: level.value || null })
    void load()
  })

  return {
    length, back, level, days, rates, estimates, league, error, load,
    ranked: computed(() => league.value?.results.filter((row) => row.place !== null) ?? []),
    unranked: computed(() => league.value?.results.filter((row) => row.place === null) ?? []),
  }
}
