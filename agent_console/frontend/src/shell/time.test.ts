/** Times in words, at the edges. */
import { describe, expect, it } from 'vitest'

import { ago, duration, left, spent } from './time'

const noon = Date.parse('2026-11-21T12:00:00+08:00')

describe('time', () => {
  it('says durations in the largest fitting unit', () => {
    expect([59_000, 60_000, 3_599_000, 3_600_000, 47 * 3_600_000, 48 * 3_600_000].map(duration)).toEqual([
      '不到1分钟', '1分钟', '59分钟', '1小时', '47小时', '2天',
    ])
  })

  it('knows the past from the future', () => {
    expect(ago('2026-11-21T11:30:00+08:00', noon)).toBe('30分钟前')
    expect(left('2026-11-21T13:00:00+08:00', noon)).toBe('剩 1小时')
    expect(left('2026-11-21T11:00:00+08:00', noon)).toBe('超 1小时')
  })

  it('keeps the spent share between nothing and all', () => {
    expect(spent('2026-11-21T11:00:00+08:00', '2026-11-21T15:00:00+08:00', noon)).toBe(0.25)
    expect(spent('2026-11-21T13:00:00+08:00', '2026-11-21T15:00:00+08:00', noon)).toBe(0)
    expect(spent('2026-11-21T10:00:00+08:00', '2026-11-21T10:00:00+08:00', noon)).toBe(1)
  })
})
