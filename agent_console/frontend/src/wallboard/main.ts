/** Entry of /wallboard/: always dark, whatever the person who put it up prefers. */
import WallboardApp from '@/wallboard/WallboardApp.vue'
import { boot } from '@/shell/boot'

boot(WallboardApp, 'dark')
