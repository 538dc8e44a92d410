/** One choice of light or dark for every screen: the admin's own switch and the other screens' cookie say the same. */
const YEAR_SECONDS = 31_536_000
const root = document.documentElement
const chosen = () => JSON.parse(localStorage.getItem('adminTheme') ?? '"auto"')

localStorage.setItem('adminTheme', JSON.stringify(/(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1] ?? 'auto'))

new MutationObserver(() => {
  root.dataset.theme = root.classList.contains('dark') ? 'dark' : 'light'
  document.cookie = `theme=${chosen()}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}).observe(root, { attributeFilter: ['class'] })
