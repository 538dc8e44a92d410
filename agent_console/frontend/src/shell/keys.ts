/** Keyboard: one listener per screen, single keys only while nobody is typing and no dialog is open. */
import { onBeforeUnmount, onMounted } from 'vue'

export interface KeyBinding {
  key: string
  run: (event: KeyboardEvent) => void
  /** With Ctrl or ⌘; such a key works while typing too. */
  ctrl?: boolean
  /** Works while typing too, as the function keys of the telephone must. */
  always?: boolean
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** What a list or a field has done something with is not for the screen behind it. */
function blocked(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || typing(event.target)) return true
  if (document.querySelector('[aria-modal="true"]:not([hidden])')?.checkVisibility?.()) return true
  const onControl = event.target instanceof HTMLElement && event.target.closest('button, a, [role="menuitem"]')
  return Boolean(onControl) && (event.key === 'Enter' || event.key === ' ')
}

export function useKeys(bindings: KeyBinding[]): void {
  const listen = (event: KeyboardEvent): void => {
    const ctrl = event.ctrlKey || event.metaKey
    const found = bindings.find((binding) => binding.key === event.key && Boolean(binding.ctrl) === ctrl)
    if (!found || event.altKey || event.isComposing || (!found.ctrl && !found.always && blocked(event))) return
    event.preventDefault()
    found.run(event)
  }
  onMounted(() => { document.addEventListener('keydown', listen) })
  onBeforeUnmount(() => { document.removeEventListener('keydown', listen) })
}
