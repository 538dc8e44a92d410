/** Times as people say them: how long ago, how much is left; the exact time is for hovering. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

import { language, locale, t } from '@/words'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const current = ref(Date.now())
setInterval(() => { current.value = Date.now() }, 15_000)

/** A clock that every component shares, turning each quarter minute. */
export const now: Readonly<Ref<number>> = readonly(current)

/** A clock of a component's own that turns each second, for what counts down before one's eyes. */
export function useSeconds(): Readonly<Ref<number>> {
  const second = ref(Date.now())
  const timer = setInterval(() => { second.value = Date.now() }, 1_000)
  onScopeDispose(() => { clearInterval(timer) })
  return readonly(second)
}

export function duration(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  if (length < MINUTE) return t('time.under_minute')
  if (length < HOUR) return t('time.minutes', { n: Math.floor(length / MINUTE) })
  if (length < 2 * DAY) return t('time.hours', { n: Math.floor(length / HOUR) })
  return t('time.days', { n: Math.floor(length / DAY) })
}

export function ago(at: string, from: number): string {
  const passed = from - Date.parse(at)
  return passed < MINUTE ? t('time.just_now') : t('time.ago', { span: duration(passed) })
}

export function left(due: string, from: number): string {
  const rest = Date.parse(due) - from
  return t(rest < 0 ? 'time.overdue' : 'time.left', { span: duration(rest) })
}

/** In English the month in letters: nobody takes 05/01 for May. */
const month = language === 'en' ? 'short' : '2-digit'
const exactFormat = new Intl.DateTimeFormat(locale, {
  year: 'numeric', month, day: '2-digit', hour: '2-digit', minute: '2-digit', weekday: 'short',
})
const shortFormat = new Intl.DateTimeFormat(locale, { month, day: '2-digit', hour: '2-digit', minute: '2-digit' })
const hourFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })

const dayFormat = new Intl.DateTimeFormat(locale, { month, day: '2-digit' })

export const exact = (at: string): string => exactFormat.format(new Date(at))

/** 09:41 today, 11/20 09:41 (20 Nov, 09:41) on any other day. */
export function brief(at: string, from: number): string {
  const date = new Date(at)
  const sameDay = date.toDateString() === new Date(from).toDateString()
  return (sameDay ? hourFormat : shortFormat).format(date)
}

/** 11/20 (20 Nov), where the year is plain. */
export const day = (at: string): string => dayFormat.format(new Date(at))

/** The share of the time that is used up, 0 to 1. */
export function spent(start: string, due: string, from: number): number {
  const whole = Date.parse(due) - Date.parse(start)
  if (whole <= 0) return 1
  return Math.min(1, Math.max(0, (from - Date.parse(start)) / whole))
}
