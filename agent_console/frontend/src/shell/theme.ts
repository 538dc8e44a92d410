/** Light, dark or as the system says; kept in a cookie so that Django can write it into the first byte of a page. */
import { ref } from 'vue'

import { cookie } from '@/api/http'

export type Theme = 'auto' | 'light' | 'dark'

const YEAR_SECONDS = 31_536_000
const kept = cookie('theme')

export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto')

export function setTheme(chosen: Theme): void {
  theme.value = chosen
  document.cookie = `theme=${chosen}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
  showTheme()
}

export function showTheme(): void {
  if (theme.value === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
}

export function nextTheme(): void {
  const order: Theme[] = ['auto', 'light', 'dark']
  setTheme(order[(order.indexOf(theme.value) + 1) % order.length] ?? 'auto')
}
