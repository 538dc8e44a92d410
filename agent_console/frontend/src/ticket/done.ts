/** What is said when a step has been taken. */
import type { Ticket, Verb } from '@/api/types'
import { say } from '@/shell/boot'
import { specOf } from '@/ticket/verbs'
import { t } from '@/words'

export function sayDone(verb: Verb, ticket: Ticket): void {
  const label = t(specOf(verb).label)
  say(ticket.gone ? t('done.gone', { verb: label }) : t('done', { verb: label, state: ticket.state_label }))
}
