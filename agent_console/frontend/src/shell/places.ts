/** A place in one line: the area's name before the address, unless the address says it already. */
import type { Place } from '@/api/types'

export function whereOf(place: Place | null): string {
  const area = place?.area_name ?? ''
  const address = place?.address ?? ''
  return address.includes(area) ? address : [area, address].filter(Boolean).join(' ')
}
