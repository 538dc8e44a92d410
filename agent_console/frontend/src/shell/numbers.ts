/** Numbers in the language of the page: counts, and shares (0 to 1) in per cent; a dash where there is none. */
import { locale } from '@/words'

const counts = new Intl.NumberFormat(locale)
const formats = [0, 1].map((digits) => new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }))

export const count = (number: number): string => counts.format(number)

export function percent(share: number | null | undefined, digits: 0 | 1 = 1): string {
  return share === null || share === undefined ? '–' : (formats[digits]?.format(share) ?? '')
}
