/** Marking words in a text, and drawing loudness as bars. */
import { describe, expect, it } from 'vitest'

import { pieces } from './marking'
import { barsOf } from './waveform'

describe('pieces', () => {
  it('marks every occurrence, the longest word first', () => {
    expect(pieces('夜间施工噪音，施工到两点', ['施工', '夜间施工', ''])).toEqual([
      { text: '夜间施工', marked: true }, { text: '噪音，', marked: false },
      { text: '施工', marked: true }, { text: '到两点', marked: false },
    ])
  })

  it('gives an unmarked text back whole', () => {
    expect(pieces('路灯不亮', ['井盖'])).toEqual([{ text: '路灯不亮', marked: false }])
    expect(pieces('', ['井盖'])).toEqual([])
  })
})

describe('barsOf', () => {
  it('measures each part against the loudest', () => {
    expect(barsOf(new Float32Array([0.25, -0.5, 0, 0.125]), 2)).toEqual([1, 0.25])
  })
})
