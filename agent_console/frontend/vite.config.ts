/** How the three screens are built: one entry each, into Django's static folder, found through the manifest. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, URL } from 'node:url'
import { gzipSync } from 'node:zlib'

import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** A packed copy beside every file: WhiteNoise sends that one, so that no proxy need pack it for every browser. */
const packed: Plugin = {
  name: 'packed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
      const path = join(dir ?? '', name)
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
    }
  },
}

export default defineConfig({
  base: '/static/screens/',
  plugins: [vue(), packed],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../static/screens'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    target: ['chrome92', 'firefox90', 'safari15.4'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: {
        desk: here('./src/desk/main.ts'),
        portal: here('./src/portal/main.ts'),
        supervision: here('./src/supervision/main.ts'),
        wallboard: here('./src/wallboard/main.ts'),
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
})
