/** Entry of /supervision/. */
import SupervisionApp from '@/supervision/SupervisionApp.vue'
import { boot } from '@/shell/boot'

boot(SupervisionApp)
