/** The week, month or quarter that scores are shown for; days as the interface wants them, both included. */
import type { Days } from '@/api/calls'

export const LENGTHS = ['week', 'month', 'quarter'] as const
export type Length = (typeof LENGTHS)[number]

/** The period of that length `back` periods before the one that holds `today`. */
export function periodOf(length: Length, back: number, today: Date): Days {
  const [first, next] = [start(length, back, today), start(length, back - 1, today)]
  return { from: day(first), to: day(new Date(next.getFullYear(), next.getMonth(), next.getDate() - 1)) }
}

function start(length: Length, back: number, today: Date): Date {
  const [year, month] = [today.getFullYear(), today.getMonth()]
  if (length === 'week') return new Date(year, month, today.getDate() - ((today.getDay() + 6) % 7) - 7 * back)
  return length === 'month' ? new Date(year, month - back, 1) : new Date(year, month - (month % 3) - 3 * back, 1)
}

function day(date: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
