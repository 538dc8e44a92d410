/** Element Plus's own words in the language of the page. */
import type { Language } from 'element-plus/es/locale/index.mjs'
import en from 'element-plus/es/locale/lang/en.mjs'
import zh from 'element-plus/es/locale/lang/zh-cn.mjs'

import { language } from '@/words'

export const elementLocale: Language = language === 'en' ? en : zh
