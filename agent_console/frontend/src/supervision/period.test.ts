import { expect, test } from 'vitest'

import { periodOf } from './period'

const saturday = new Date(2026, 1, 28, 23, 30)

test('a week begins on Monday', () => {
  expect(periodOf('week', 0, saturday)).toEqual({ from: '2026-02-23', to: '2026-03-01' })
  expect(periodOf('week', 0, new Date(2026, 2, 1))).toEqual({ from: '2026-02-23', to: '2026-03-01' })
  expect(periodOf('week', 8, saturday)).toEqual({ from: '2025-12-29', to: '2026-01-04' })
})

test('a month and a quarter have their own last days', () => {
  expect(periodOf('month', 0, saturday)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(periodOf('month', 2, saturday)).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(periodOf('quarter', 0, saturday)).toEqual({ from: '2026-01-01', to: '2026-03-31' })
  expect(periodOf('quarter', 1, saturday)).toEqual({ from: '2025-10-01', to: '2025-12-31' })
})
