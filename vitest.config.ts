import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// `npm run test:long`: what takes a quarter of an hour.
const isLong = process.env.FACULTY_LONG !== undefined

export default defineConfig({
  resolve: {
    // Miners and validators import this package by its public name; tests run them from source.
    alias: [
      { find: /^faculty\/defineMiner$/, replacement: source('src/domain/defineMiner.ts') },
      { find: /^faculty\/defineValidator$/, replacement: source('src/domain/defineValidator.ts') },
      { find: /^faculty\/localnet$/, replacement: source('src/localnet/startLocalnet.ts') },
      { find: /^faculty\/client$/, replacement: source('src/client/client.ts') },
    ],
  },
  test: {
    include: isLong ? ['test/long/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/browser/**', ...(isLong ? [] : ['test/long/**'])],
    globalSetup: ['test/globalSetup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Real sockets and processes, on machines that others use too: in CI a test that fails is tried once more, which the
    // report shows.
    retry: process.env.CI === undefined ? 0 : 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['default', './test/summaryReporter.ts'],
  },
})
