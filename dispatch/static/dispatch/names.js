/** Names for the search lists of the forms: their library names them by what is chosen, so an empty one by nothing. */
function name(select) {
  const label = select.labels?.[0]
  const shown = select.nextElementSibling
  if (!label || !shown?.classList.contains('select2')) return
  label.id ||= `${select.id}-label`
  for (const one of shown.querySelectorAll('[role=combobox], [role=textbox], [role=searchbox]')) one.setAttribute('aria-labelledby', label.id)
  for (const cross of shown.querySelectorAll('ul > .select2-selection__clear')) cross.setAttribute('role', 'listitem')
}

const nameAll = () => { document.querySelectorAll('select.select2-hidden-accessible').forEach(name) }

addEventListener('DOMContentLoaded', () => {
  nameAll()
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true })
})
