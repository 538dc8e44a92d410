/** The page's title: what the screen counts, and in turn with it a call that rings, calmly once a second. */

const TURN_MS = 1_000
let base = document.title
let call: string | null = null
let timer: ReturnType<typeof setInterval> | undefined

function show(called: boolean): void {
  document.title = called && call ? call : base
}

export function setTitle(title: string): void {
  base = title
  if (!call) show(false)
}

export function callTitle(title: string | null): void {
  clearInterval(timer)
  call = title
  show(true)
  if (!title) return
  let called = true
  timer = setInterval(() => { show(called = !called) }, TURN_MS)
}
