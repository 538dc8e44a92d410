/** Channels as people read them: named by the server, and all that carry short messages are one. */
import { me } from '@/shell/session'
import { t, tCode } from '@/words'

export interface ChannelCount { code: string; label: string; count: number }

const known = (slug: string) => me.value?.channels.find((channel) => channel.slug === slug)

export const isShortMessage = (slug: string): boolean => known(slug)?.short_messages ?? false

/** The short name of the screens, or the server's own for a channel that they do not know. */
export function channelName(slug: string, named = slug): string {
  return isShortMessage(slug) ? t('channel.sms') : tCode('channel', slug, known(slug)?.label ?? named)
}

/** What a list can be narrowed to: a name, and the channels behind it with commas between. */
export function channelChoices(): { label: string; value: string }[] {
  const slugs = new Map<string, string[]>()
  for (const { slug } of me.value?.channels ?? []) {
    slugs.set(channelName(slug), [...(slugs.get(channelName(slug)) ?? []), slug])
  }
  return [...slugs].map(([label, behind]) => ({ label, value: behind.join(',') }))
}

export function byChannel(rows: ChannelCount[]): ChannelCount[] {
  const byName = new Map<string, ChannelCount>()
  for (const { code, label: named, count } of rows) {
    const label = channelName(code, named)
    byName.set(label, { code, label, count: count + (byName.get(label)?.count ?? 0) })
  }
  return [...byName.values()].sort((a, b) => b.count - a.count)
}
