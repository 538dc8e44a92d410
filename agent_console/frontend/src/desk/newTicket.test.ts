/** A ticket typed by hand: nothing typed is lost, and trying again makes no second ticket. */
import { afterEach, describe, expect, it, vi } from 'vitest'

import { useNewTicket } from './useNewTicket'

type Answer = [number, unknown] | 'no network'

function server(...answers: Answer[]) {
  const asked: Record<string, unknown>[] = []
  vi.stubGlobal('fetch', (_path: string, options: RequestInit) => {
    asked.push(JSON.parse(String(options.body)))
    const answer = answers.shift() ?? 'no network'
    if (answer === 'no network') return Promise.reject(new TypeError('failed'))
    return Promise.resolve(new Response(JSON.stringify(answer[1]), { status: answer[0], headers: { 'content-type': 'application/json' } }))
  })
  return asked
}

function desk() {
  const opened: string[] = []
  const form = useNewTicket((number) => { opened.push(number) })
  form.shown.value = true
  Object.assign(form.typed, { text: '路灯不亮', caller: '13800005520', address: '文昌路' })
  return { form, opened }
}

describe('useNewTicket', () => {
  afterEach(() => { vi.unstubAllGlobals() })

  it('sends what was typed, opens the ticket and starts anew with another key', async () => {
    const asked = server([201, { number: '7', fresh: true }], [201, { number: '8', fresh: true }])
    const { form, opened } = desk()
    await form.send()
    expect(asked[0]).toEqual({ key: expect.stringMatching(/^[0-9a-f]{32}$/), text: '路灯不亮', caller: '13800005520', name: '', place: { address: '文昌路' } })
    expect([opened, form.shown.value, form.kept.value]).toEqual([['7'], false, false])
    form.typed.text = '井盖坏了'
    await form.send()
    expect(asked[1]?.key).not.toBe(asked[0]?.key)
  })

  it('asks for the words before it asks the server', async () => {
    const asked = server()
    const { form } = desk()
    form.typed.text = '  '
    await form.send()
    expect([asked, form.errors.value]).toEqual([[], { text: expect.any(String) }])
  })

  it('keeps everything and the key when the network fails', async () => {
    const asked = server('no network', [200, { number: '7', fresh: false }])
    const { form, opened } = desk()
    await form.send()
    expect([form.shown.value, form.typed.text, form.sending.value]).toEqual([true, '路灯不亮', false])
    await form.send()
    expect(asked[1]).toEqual(asked[0])
    expect([opened, form.kept.value]).toEqual([['7'], false])
  })

  it('keeps what was changed after a send that had made the ticket all the same', async () => {
    const asked = server('no network', [200, { number: '7', fresh: false }], [201, { number: '8', fresh: true }])
    const { form, opened } = desk()
    await form.send()
    form.typed.text = '路灯不亮，有人摔伤'
    await form.send()
    expect([opened, form.kept.value, form.typed.text]).toEqual([['7'], true, '路灯不亮，有人摔伤'])
    await form.send()
    expect(asked[2]?.key).not.toBe(asked[0]?.key)
  })

  it('knows of the first send also after a refusal between', async () => {
    server('no network', [422, { status: 422, title: 'x', errors: { caller: ['不是电话号码。'] } }], [200, { number: '7', fresh: false }])
    const { form, opened } = desk()
    await form.send()
    form.typed.caller = '12'
    await form.send()
    form.typed.caller = '13900005520'
    await form.send()
    expect([opened, form.typed.caller]).toEqual([['7'], '13900005520'])
  })

  it('shows what the server says of a field beside it', async () => {
    server([422, { status: 422, title: 'x', errors: { caller: ['不是电话号码。'], 'place.address': ['太长。'] } }], [201, { number: '7', fresh: true }])
    const { form, opened } = desk()
    await form.send()
    expect(form.errors.value).toEqual({ caller: '不是电话号码。', address: '太长。' })
    await form.send()
    expect([opened, form.errors.value]).toEqual([['7'], {}])
  })
})
