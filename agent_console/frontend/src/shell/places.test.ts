/** Places in one line, and catalogues as trees. */
import { describe, expect, it } from 'vitest'

import { whereOf } from './places'
import { asTree } from './trees'

const place = (area_name: string | null, address: string | null) => ({ area: null, area_name, address, lat: null, lng: null })

describe('whereOf', () => {
  it('does not say the area twice', () => {
    expect(whereOf(place('荔湖街道', '荔湖街道翠屏路88号'))).toBe('荔湖街道翠屏路88号')
    expect(whereOf(place('荔湖街道', '翠屏路88号'))).toBe('荔湖街道 翠屏路88号')
    expect(whereOf(place('荔湖街道', null))).toBe('荔湖街道')
    expect(whereOf(null)).toBe('')
  })
})

describe('asTree', () => {
  it('hangs children under parents and keeps orphans visible', () => {
    const rows = [{ code: '02', name: 'b', parent: '01' }, { code: '01', name: 'a', parent: null }, { code: '09', name: 'c', parent: 'gone' }]
    expect(asTree(rows)).toEqual([{ value: '01', label: 'a', children: [{ value: '02', label: 'b' }] }, { value: '09', label: 'c' }])
  })
})
