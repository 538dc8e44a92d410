/** Numbers and times as the telephone shows them. */

/** 2:07, and 1:02:07 after an hour. */
export function timer(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  const tail = String(seconds % 60).padStart(2, '0')
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** How long somebody who calls now will wait, in the steps that callers are told; null when nobody can say, or at once. */
export function expectedWait(seconds: number | null): { word: 'phone.expected.short' | 'phone.expected' | 'phone.expected.long'; n: number } | null {
  if (!seconds) return null
  if (seconds < 60) return { word: 'phone.expected.short', n: 1 }
  if (seconds >= 900) return { word: 'phone.expected.long', n: 15 }
  const steps: [below: number, minutes: number][] = [[90, 1], [150, 2], [240, 3], [450, 5]]
  return { word: 'phone.expected', n: steps.find(([below]) => seconds < below)?.[1] ?? 10 }
}

/** What somebody typed as a number, as the switchboard wants it; null when it is none. */
export function numberOf(typed: string): string | null {
  const number = typed.replace(/[\s\-()（）]/g, '')
  return /^\+?\d{2,20}$/.test(number) ? number : null
}
