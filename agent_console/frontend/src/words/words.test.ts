/** Both languages hold the same keys with the same placeholders, and the Chinese is Chinese. */
import { describe, expect, it } from 'vitest'

import { en } from './en'
import { zh, type Word } from './zh'

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').sort()

describe('words', () => {
  it('has every key in both languages, in the same order', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
  })

  it('keeps the placeholders', () => {
    for (const key of Object.keys(zh) as Word[]) expect([key, placeholders(en[key])]).toEqual([key, placeholders(zh[key])])
  })

  it('leaves no sentence empty and no Chinese in the English', () => {
    for (const [key, text] of Object.entries(en)) {
      expect(text.trim(), key).not.toBe('')
      expect(/[\u4e00-\u9fff]/.test(text) && key !== 'language.other', key).toBe(false)
    }
  })
})
