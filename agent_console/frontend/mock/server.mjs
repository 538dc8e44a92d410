/** Serves the built screens with the production's content policy and an invented API, for looking at them alone. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'

import { WebSocketServer } from 'ws'

import * as data from './fixtures.mjs'

const PORT = Number(process.env.PORT ?? 8790)
const STATIC = new URL('../../static/', import.meta.url)
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.wav': 'audio/wav' }
const IN_QUEUE = {
  pending: (row) => row.state === 'received', mine: (row) => row.state !== 'closed' && row.state !== 'received', to_dispatch: (row) => row.state === 'accepted',
  to_review: (row) => row.state.endsWith('review'), to_follow_up: (row) => row.state === 'follow_up', supervised: () => false, all: () => true,
  to_sign: (row) => row.state === 'dispatched', handling: (row) => row.state === 'handling', return_refused: () => false, extension: () => false,
  awaiting_info: (row) => row.state === 'awaiting_info', done: (row) => ['answer_review', 'follow_up', 'closed'].includes(row.state),
}
let entry = 1000
const sockets = new Set()

async function page(name) {
  const manifest = JSON.parse(await readFile(new URL('screens/manifest.json', STATIC), 'utf8'))
  const files = (key) => [manifest[key], ...(manifest[key].imports ?? []).flatMap(files)]
  const all = files(`src/${name}/main.ts`)
  const styles = [...new Set(all.flatMap((file) => file.css ?? []))].map((path) => `<link rel="stylesheet" href="/static/screens/${path}">`).join('')
  return `<!doctype html><html lang="${process.env.LANGUAGE ?? 'zh-hans'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>12345</title><link rel="stylesheet" href="/static/tokens/tokens.css">${styles}</head>
    <body><div id="app"></div><script type="module" src="/static/screens/${all[0].file}"></script></body></html>`
}

function tell(row, kind) {
  entry += 1
  const summary = { ...row, messages: undefined, assignments: undefined, clocks: undefined, related: undefined, draft: undefined }
  const frame = JSON.stringify({ entry, kind, at: new Date().toISOString(), ticket: { ...summary, last_entry: entry } })
  for (const socket of sockets) socket.send(frame)
}

const count = (names) => Object.fromEntries(names.map((name) => [name, data.tickets.filter(IN_QUEUE[name]).length]))

function list(search) {
  const chosen = data.tickets.filter(IN_QUEUE[search.get('queue') ?? search.get('group') ?? 'all'] ?? (() => true))
    .filter((row) => !search.get('q') || `${row.number}${row.text}${row.title}`.includes(search.get('q')))
    .filter((row) => !search.get('due') || search.get('due').split(',').includes(row.due_level))
  const from = Number(search.get('after') ?? 0)
  return { results: chosen.slice(from, from + 25), next: chosen.length > from + 25 ? String(from + 25) : null }
}

const GETS = {
  me: () => ({ username: 'agent1', display_name: '林晓', role: 'agent', department: null, capabilities: ['desk', 'portal', 'supervision'], language: 'zh-hans', city: '云水市', agent_state: 'idle', agent_state_reason: '', entry, today: { answered: 37, dispatched: 21, mean_handling_seconds: 288 } }),
  'queue-counts': () => count(['pending', 'mine', 'to_dispatch', 'to_review', 'to_follow_up', 'supervised']),
  'portal-groups': () => count(['to_sign', 'handling', 'return_refused', 'extension', 'awaiting_info', 'done']),
  departments: () => data.departments, matters: () => data.matters, areas: () => data.areas, reasons: () => data.reasons, supervision: () => data.supervision, tickets: list,
}

function ofTicket(row, part) {
  if (!part) return row
  if (part === 'ledger') return { results: data.ledger, next: null }
  if (part === 'suggestion') return data.suggestion(row)
  if (part === 'terms') return [{ name: 'answer', label: '答复', due_at: new Date(Date.now() + 1.3e9).toISOString(), level: 'ok', explanation: ['投诉类：15 个工作日，自派单起算'] }]
  return null
}

function perform(row, verb, body) {
  if (body.version !== row.version) return [409, { title: '工单已被改动', status: 409, detail: '工单已被改动', ticket: row }]
  if (verb === 'return' && !body.basis) return [422, { title: '请检查', status: 422, errors: { basis: ['请写明依据'] } }]
  data.apply(row, verb, body)
  tell(row, verb)
  return [200, row]
}

function api(method, path, search, body) {
  const [head, number, part] = path.split('/')
  if (head === 'me' && number === 'state') return [200, {}]
  if (!number) return GETS[head] ? [200, GETS[head](search)] : [404, { title: 'Not found', status: 404 }]
  const row = data.tickets.find((one) => one.number === number)
  if (!row) return [404, { title: '没有这张工单', status: 404, detail: '没有这张工单，或您无权查看。' }]
  if (method === 'GET') return [200, ofTicket(row, part)]
  if (part === 'draft') row.draft = body
  if (part === 'draft') return [200, body]
  if (part === 'unmask') return [200, { name: '陈桂兰', phone: '13800005210' }]
  return perform(row, part, body)
}

async function bodyOf(request) {
  let text = ''
  for await (const chunk of request) text += chunk
  return text ? JSON.parse(text) : {}
}

function tone() {
  const samples = 8000 * 6
  const wav = Buffer.alloc(44 + samples)
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + samples, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(8000, 24); wav.writeUInt32LE(8000, 28); wav.writeUInt16LE(1, 32); wav.writeUInt16LE(8, 34); wav.write('data', 36); wav.writeUInt32LE(samples, 40)
  for (let index = 0; index < samples; index += 1) wav[44 + index] = 128 + 90 * Math.sin(index / 6) * Math.abs(Math.sin(index / 2100) * Math.sin(index / 400))
  return wav
}

const PHOTO = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420"><rect width="640" height="420" fill="#8aa0b5"/><rect y="280" width="640" height="140" fill="#6f6a60"/><path d="M120 290V90h24v200zm0-200 240 30v12L120 108z" fill="#d8a23a"/></svg>'
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://local')
  const answer = (status, type, body) => response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY }).end(body)
  if (pathname.startsWith('/api/v1/')) {
    const [status, body] = api(request.method, pathname.slice(8), searchParams, await bodyOf(request))
    return answer(status, 'application/json', JSON.stringify(body))
  }
  if (pathname === '/media/voice.wav') return answer(200, 'audio/wav', tone())
  if (pathname === '/media/photo.svg') return answer(200, 'image/svg+xml', PHOTO)
  const screen = /^\/(desk|portal|supervision)\//.exec(pathname)?.[1]
  if (screen) return answer(200, 'text/html', await page(screen))
  const file = await readFile(new URL(pathname.replace('/static/', ''), STATIC)).catch(() => null)
  return file ? answer(200, TYPES[extname(pathname)] ?? 'application/octet-stream', file) : answer(404, 'text/plain', 'not found')
})

new WebSocketServer({ server }).on('connection', (socket) => {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  socket.on('message', (raw) => { if (JSON.parse(raw).kind === 'ping') socket.send('{"kind":"pong"}') })
  socket.send(JSON.stringify({ kind: 'caught_up', entry }))
  socket.send(JSON.stringify({ kind: 'presence', number: data.tickets[0].number, people: [{ username: 'agent2', name: '周敏', typing: true }] }))
})

server.listen(PORT, () => console.log(`screens on http://127.0.0.1:${PORT}/desk/`))
