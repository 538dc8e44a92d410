/** Ways out of a screen that Django answers: a form of its own is posted, so that its cookies and redirects apply. */
import { cookie } from '@/api/http'
import { otherLanguage } from '@/words'

function post(action: string, fields: Record<string, string>): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = action
  for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: cookie('csrftoken') })) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}

export const logOut = (): void => { post('/logout/', {}) }

/** Labels come from the server too, so a change of language is a fresh page. */
export const switchLanguage = (): void => {
  post('/i18n/setlang/', { language: otherLanguage, next: location.pathname + location.search })
}
