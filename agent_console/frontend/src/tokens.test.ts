/** Colours, type sizes and distances come from the design tokens, in every screen's own style. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

const SOURCE = join(process.cwd(), 'src')
const PAPER = 'PrintOrder.vue'
const DRAWN = 'HourCurve.vue'
const RAW = [
  /#[0-9a-f]{3,8}\b/i, /\b(?:rgb|hsl)a?\(/, /font(?:-size)?:[^;]*\b\d+px/, /border-radius:\s*[\d.]+(?:px|%)/,
  /(?:padding|margin|gap)[\w-]*:[^;]*\b(?:[2-9]|[12]\d)px/,
]

/** The declarations of a component's style that name a raw colour, size or distance. */
function raw(name: string): string[] {
  const style = readFileSync(join(SOURCE, name), 'utf8').split('<style scoped>')[1] ?? ''
  return style.split('\n').filter((line) => RAW.some((pattern) => pattern.test(line))).map((line) => `${name}: ${line.trim()}`)
}

describe('the tokens', () => {
  it('are all that a component takes its looks from', () => {
    const components = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.vue'))
    const checked = components.filter((name) => !name.endsWith(PAPER) && !name.endsWith(DRAWN))
    expect(checked.length).toBeGreaterThan(80)
    expect(checked.flatMap(raw)).toEqual([])
  })
})
