/** Counts and shares, exactly as they are written. */
import { describe, expect, it } from 'vitest'

import { count, percent } from './numbers'

describe('numbers', () => {
  it('groups thousands', () => {
    expect(count(1234567)).toBe('1,234,567')
  })

  it('says shares in per cent, a dash where there is none', () => {
    expect([percent(0.9348), percent(0.5, 0), percent(0), percent(1), percent(null), percent(undefined)]).toEqual(['93.5%', '50%', '0.0%', '100.0%', '–', '–'])
  })
})
