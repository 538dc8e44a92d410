/** The open ticket: live changes refresh it, except under someone's hands, where they are a conflict. */
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Ticket } from '@/api/types'

import { useTicket } from './useTicket'

const ticket = (version: number, more: Partial<Ticket> = {}): Ticket =>
  ({ number: '1', version, state_label: '待受理', title: '', allowed: ['accept'], ...more }) as unknown as Ticket

/** Answers each request with the next prepared answer and remembers what was asked. */
function server(...answers: [number, unknown][]) {
  const asked: [string, unknown][] = []
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    asked.push([path, options.body ? JSON.parse(String(options.body)) : null])
    const [status, body] = answers.shift() ?? [500, {}]
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }))
  })
  return asked
}

describe('useTicket', () => {
  afterEach(() => { vi.unstubAllGlobals() })

  it('sends the version it shows', async () => {
    const asked = server([200, ticket(3)], [200, ticket(4)])
    const open = useTicket()
    await open.open('1')
    await open.perform('accept', { type: 'help' })
    expect(asked[1]).toEqual(['/api/v1/tickets/1/accept', { type: 'help', version: 3 }])
    expect(open.ticket.value?.version).toBe(4)
  })

  it('keeps what was meant when the server says 409, and sends it again on the new version', async () => {
    const asked = server([200, ticket(3)], [409, { title: 'x', ticket: ticket(5, { title: '新标题' }) }], [200, ticket(6)])
    const open = useTicket()
    await open.open('1')
    expect(await open.perform('accept', { type: 'help' })).toBe(null)
    expect(open.conflict.value?.theirs.version).toBe(5)
    await open.resend()
    expect(asked[2]?.[1]).toEqual({ type: 'help', version: 5 })
    expect(open.conflict.value).toBe(null)
  })

  it('does not overwrite what changed while someone was typing', async () => {
    const asked = server([200, ticket(3)], [200, ticket(4, { title: '同事改的' })])
    const open = useTicket()
    await open.open('1')
    open.hold()
    await open.refresh()
    expect(await open.perform('accept', { title: '我的' })).toBe(null)
    expect(asked).toHaveLength(2)
    expect(open.conflict.value?.base.version).toBe(3)
    open.giveUp()
    expect([open.conflict.value, open.ticket.value?.title]).toEqual([null, '同事改的'])
  })

  it('lets a change that touches no field pass', async () => {
    const asked = server([200, ticket(3)], [200, ticket(4)], [200, ticket(5)])
    const open = useTicket()
    await open.open('1')
    open.hold()
    await open.refresh()
    await open.perform('accept')
    expect(asked[2]?.[1]).toEqual({ version: 4 })
  })
})
