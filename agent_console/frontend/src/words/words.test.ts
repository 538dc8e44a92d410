/** Both languages hold the same keys with the same placeholders, and the Chinese is Chinese. */
import { describe, expect, it, vi } from 'vitest'

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

  it('takes the word that fits the number', async () => {
    document.documentElement.lang = 'en'
    vi.resetModules()
    const { t } = await import('./index')
    expect([1, 2].map((n) => t('beside.urged', { n }))).toEqual(['Urged 1 time', 'Urged 2 times'])
    document.documentElement.lang = 'zh-Hans'
    vi.resetModules()
    expect((await import('./index')).t('beside.urged', { n: 1 })).toBe('已催办 1 次')
  })

  it('leaves no sentence empty and no Chinese in the English', () => {
    for (const [key, text] of Object.entries(en)) {
      expect(text.trim(), key).not.toBe('')
      expect(/[\u4e00-\u9fff]/.test(text) && key !== 'language.other', key).toBe(false)
    }
  })
})
