/** Counts by channel as people read them: several vendors of one channel are one channel. */
import { tCode } from '@/words'

export interface ChannelCount { code: string; label: string; count: number }

export function byChannel(rows: ChannelCount[]): ChannelCount[] {
  const byName = new Map<string, ChannelCount>()
  for (const { code, label: named, count } of rows) {
    const label = tCode('channel', code, named)
    byName.set(label, { code, label, count: count + (byName.get(label)?.count ?? 0) })
  }
  return [...byName.values()].sort((a, b) => b.count - a.count)
}
