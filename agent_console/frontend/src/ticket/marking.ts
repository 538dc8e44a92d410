/** Cuts a text into marked and plain pieces, so that decisive words can be shown where they stand. */

export interface Piece { text: string; marked: boolean }

export function pieces(text: string, words: readonly string[]): Piece[] {
  const wanted = [...new Set(words.map((word) => word.trim()).filter(Boolean))].sort((a, b) => b.length - a.length)
  const result: Piece[] = []
  let plain = ''
  for (let index = 0; index < text.length;) {
    const word = wanted.find((candidate) => text.startsWith(candidate, index))
    if (!word) {
      plain += text[index] ?? ''
      index += 1
      continue
    }
    if (plain) result.push({ text: plain, marked: false })
    plain = ''
    result.push({ text: word, marked: true })
    index += word.length
  }
  if (plain) result.push({ text: plain, marked: false })
  return result
}
