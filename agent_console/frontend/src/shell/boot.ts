/** Starts a screen: styles, theme, the Vue app on #app, and one place for what goes wrong unseen. */
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-checkbox.css'
import 'element-plus/theme-chalk/el-date-picker.css'
import 'element-plus/theme-chalk/el-dialog.css'
import 'element-plus/theme-chalk/el-dropdown.css'
import 'element-plus/theme-chalk/el-dropdown-item.css'
import 'element-plus/theme-chalk/el-dropdown-menu.css'
import 'element-plus/theme-chalk/el-form.css'
import 'element-plus/theme-chalk/el-form-item.css'
import 'element-plus/theme-chalk/el-input.css'
import 'element-plus/theme-chalk/el-input-number.css'
import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/el-option.css'
import 'element-plus/theme-chalk/el-overlay.css'
import 'element-plus/theme-chalk/el-popover.css'
import 'element-plus/theme-chalk/el-popper.css'
import 'element-plus/theme-chalk/el-radio.css'
import 'element-plus/theme-chalk/el-radio-button.css'
import 'element-plus/theme-chalk/el-radio-group.css'
import 'element-plus/theme-chalk/el-scrollbar.css'
import 'element-plus/theme-chalk/el-select.css'
import 'element-plus/theme-chalk/el-switch.css'
import 'element-plus/theme-chalk/el-tag.css'
import 'element-plus/theme-chalk/el-tree.css'
import 'element-plus/theme-chalk/el-tree-select.css'
import '../../../static/tokens/tokens.css'
import '@/base.css'
import '@/element.css'

import { ElMessage } from 'element-plus'
import { createApp, type Component } from 'vue'

import { ApiError, OfflineError } from '@/api/http'
import { showTheme, type Theme } from '@/shell/theme'
import { t } from '@/words'

/** What is said passes under the top bar: it covers neither the search nor the agent's own state. */
const OFFSET_PX = 56
const SERVER_FAILED = 500
/** The server says in its own words why it cannot now, and that it is worth trying again. */
const AWAY = 503

/** Tells the person at the screen what failed and what to do; conflicts and field errors have their own places. */
export function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return
  if (error instanceof OfflineError) ElMessage.warning({ message: inWords(error), grouping: true, offset: OFFSET_PX })
  else if (error instanceof ApiError) ElMessage.error({ message: inWords(error), grouping: true, offset: OFFSET_PX })
  else throw error
}

/** What failed, in words for the place where the thing would stand. */
export function inWords(error: unknown): string {
  if (error instanceof OfflineError) return t('error.offline')
  if (!(error instanceof ApiError) || (error.status >= SERVER_FAILED && error.status !== AWAY)) return t('error.unknown')
  return error.status === 403 ? t('error.forbidden') : error.message
}

export function say(message: string): void {
  ElMessage.success({ message, grouping: true, offset: OFFSET_PX })
}

export function boot(screen: Component, fixed?: Theme): void {
  if (fixed) document.documentElement.dataset.theme = fixed
  else showTheme()
  createApp(screen).mount('#app')
}
