/** What was heard in a call becomes suggestions for the fields of its ticket. */
import type { FieldName, FieldValues } from '@/desk/usePanel'

import type { Heard } from './wire'

export interface FromSpeech { values: Partial<FieldValues>; sure: Partial<Record<FieldName, number>> }

export function fromSpeech(all: readonly Heard[]): FromSpeech {
  const found: FromSpeech = { values: {}, sure: {} }
  for (const { field, value, confidence } of all) {
    if (field === 'name' || field === 'occurred_at' || !value) continue // the panel has no such field
    if (field === 'place') found.values.place = { area: null, address: value }
    else found.values[field] = value
    found.sure[field] = confidence
  }
  return found
}
