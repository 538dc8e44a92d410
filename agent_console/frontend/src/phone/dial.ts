/** Numbers and times as the telephone shows them. */

/** 2:07, and 1:02:07 after an hour. */
export function timer(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  const tail = String(seconds % 60).padStart(2, '0')
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** What somebody typed as a number, as the switchboard wants it; null when it is none. */
export function numberOf(typed: string): string | null {
  const number = typed.replace(/[\s\-()（）]/g, '')
  return /^\+?\d{2,20}$/.test(number) ? number : null
}
