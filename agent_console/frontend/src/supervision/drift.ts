/** How the figure of a sign of drift is said: shares in per cent, stability as a bare number. */
import type { Sign } from '@/api/learning'
import { percent } from '@/shell/numbers'

export function said(sign: Sign, figure: number | null): string {
  if (figure === null) return '–'
  return sign === 'acceptance' || sign === 'unknown' ? percent(figure) : figure.toFixed(2)
}
