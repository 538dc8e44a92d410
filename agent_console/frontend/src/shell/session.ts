/** Who is at this screen, and what the catalogue names mean; loaded once per page. */
import { computed, ref, shallowRef } from 'vue'

import { fetchAreas, fetchDepartments, fetchMatters, fetchMe } from '@/api/calls'
import type { Area, Department, Matter, Me } from '@/api/types'

export const me = ref<Me | null>(null)
export const departments = shallowRef<Department[]>([])
export const matters = shallowRef<Matter[]>([])
export const areas = shallowRef<Area[]>([])

const departmentNames = computed(() => new Map(departments.value.map((unit) => [unit.code, unit.name])))

export const departmentName = (code: string | null): string => (code ? (departmentNames.value.get(code) ?? code) : '')

export async function loadMe(): Promise<Me> {
  me.value = await fetchMe()
  return me.value
}

/** Catalogues fill menus; a screen is usable before they arrive. */
export async function loadCatalogues(): Promise<void> {
  const [units, kinds, places] = await Promise.all([fetchDepartments(), fetchMatters(), fetchAreas()])
  departments.value = units
  matters.value = kinds
  areas.value = places
}
