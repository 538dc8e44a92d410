/** How the figure of a sign of drift is said: shares in per cent, stability as a bare number. */
import type { Sign } from '@/api/learning'

export function said(sign: Sign, figure: number | null): string {
  if (figure === null) return '–'
  return sign === 'acceptance' || sign === 'unknown' ? `${(figure * 100).toFixed(1)}%` : figure.toFixed(2)
}

export const percent = (share: number | null | undefined): string => (share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)}%`)
