/** What the command bar of the desk offers now: the ticket's verbs, the queues, the screen itself. */
import { QUEUES } from '@/desk/useQueue'
import type { Desk } from '@/desk/useDesk'
import type { Command } from '@/shell/CommandBar.vue'
import { nextTheme } from '@/shell/theme'
import { otherVerbs, primaryVerb } from '@/ticket/foot'
import { specOf } from '@/ticket/verbs'
import { switchLanguage } from '@/shell/leave'
import { t } from '@/words'

export function deskCommands(desk: Desk, help: () => void, create: (() => void) | null): Command[] {
  const ticket = desk.current.ticket.value
  const primary = ticket && primaryVerb(ticket)
  const open = ticket ? [...(primary ? [primary] : []), ...otherVerbs(ticket)] : []
  const verbs: Command[] = open.map((verb) => ({
    id: verb, label: t(specOf(verb).label), group: t('command.group.ticket'), run: () => { desk.verb(verb) },
  }))
  const queues: Command[] = QUEUES.map((name) => ({
    id: `queue-${name}`, label: t(`queue.${name}`), group: t('command.group.queue'), run: () => { void desk.queue.choose({ queue: name }) },
  }))
  const made: Command[] = create ? [{ id: 'new', label: t('new.title'), group: t('command.group.ticket'), key: 'c', run: create }] : []
  return [
    ...verbs, ...made, ...queues,
    { id: 'theme', label: t('theme.label'), group: t('command.group.screen'), run: nextTheme },
    { id: 'language', label: t('language.other'), group: t('command.group.screen'), run: switchLanguage },
    { id: 'help', label: t('keys.title'), group: t('command.group.screen'), key: '?', run: help },
  ]
}
