/** Words on the screens: Chinese first, English complete; the page's lang attribute chooses, Django sets it. */
import { en } from './en'
import { zh, type Word } from './zh'

export type { Word }

const chinese = !document.documentElement.lang.toLowerCase().startsWith('en')
const words: Record<Word, string> = chinese ? zh : en

export const language = chinese ? 'zh-hans' : 'en'
export const otherLanguage = chinese ? 'en' : 'zh-hans'
export const locale = chinese ? 'zh-CN' : 'en-GB'

const numerus = new Intl.PluralRules(locale)

/** The sentence for a key, its {placeholders} filled in; {n:day|days} is the word that fits the number. */
export function t(key: Word, values: Record<string, string | number> = {}): string {
  return words[key]
    .replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_whole, name: string, one: string, many: string) => (numerus.select(Number(values[name])) === 'one' ? one : many))
    .replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** A word whose key is put together at run time, or the fallback when the server knows a newer code. */
export function tCode(prefix: string, code: string, fallback = code): string {
  const key = `${prefix}.${code}`
  return key in words ? words[key as Word] : fallback
}

/** Names side by side, as the language separates them. */
export const listed = (names: readonly string[]): string => names.join(chinese ? '、' : ', ')

/** Sentences side by side. */
export const apart = (sentences: readonly string[]): string => sentences.join(chinese ? '；' : '; ')

/** Who, and what of them; either may be missing. */
export const attributed = (who: string, what: string): string => [who, what].filter(Boolean).join(chinese ? '：' : ': ')
