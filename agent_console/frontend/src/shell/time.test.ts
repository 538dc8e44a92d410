/** Times in words, at the edges. */
import { afterEach, describe, expect, it, vi } from 'vitest'

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

describe.each([
  ['zh-Hans', ['2026/01/05周一 09:07', '09:07', '01/05 09:07', '30分钟前', '超 3小时', '剩 2天', '甲、乙', '甲：来电']],
  ['en', ['Mon, 05 Jan 2026, 09:07', '09:07', '05 Jan, 09:07', '30 min ago', '3 h late', '2 d left', 'A, B', 'A: called']],
])('times and names in %s', (language, expected) => {
  afterEach(() => {
    document.documentElement.lang = 'zh-Hans'
    vi.resetModules()
  })

  it('are written in its own way', async () => {
    document.documentElement.lang = language
    vi.resetModules()
    const [time, words] = [await import('./time'), await import('@/words')]
    const moment = new Date(2026, 0, 5, 9, 7)
    const at = (minutes: number): string => new Date(moment.getTime() + minutes * 60_000).toISOString()
    const [one, other] = language === 'en' ? ['A', 'B'] : ['甲', '乙']
    expect([
      time.exact(at(0)), time.brief(at(0), moment.getTime()), time.brief(at(0), moment.getTime() + 86_400_000),
      time.ago(at(-30), moment.getTime()), time.left(at(-180), moment.getTime()), time.left(at(2 * 1440), moment.getTime()),
      words.listed([one, other]), words.attributed(one, language === 'en' ? 'called' : '来电'),
    ]).toEqual(expected)
  })
})
