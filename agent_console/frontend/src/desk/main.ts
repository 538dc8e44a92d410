/** Entry of /desk/. */
import DeskApp from '@/desk/DeskApp.vue'
import { boot } from '@/shell/boot'

boot(DeskApp)
