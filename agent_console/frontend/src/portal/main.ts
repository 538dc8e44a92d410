/** Entry of /portal/. */
import PortalApp from '@/portal/PortalApp.vue'
import { boot } from '@/shell/boot'

boot(PortalApp)
