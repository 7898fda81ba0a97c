import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// `npm run test:long`: what takes a quarter of an hour.
const isLong = process.env.FACULTY_LONG !== undefined

/** Unit tests that replace modules, or look at a process in which nothing has run. */
const apart = ['test/unit/axon/axonKey.test.ts', 'test/unit/keys/notReady.test.ts', 'test/unit/validator/run.test.ts']
/** Interop and the browser have commands of their own. */
const elsewhere = ['test/interop/**', 'test/browser/**', 'test/long/**', 'test/unit/**']

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
    projects: isLong
      ? [{ extends: true, test: { name: 'long', include: ['test/long/*.test.ts'] } }]
      : [
          { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: elsewhere } },
          { extends: true, test: { name: 'apart', include: apart } },
          // In processes that go from file to file, so that modules are not loaded anew for each: it saves a minute.
          {
            extends: true,
            test: { name: 'unit', include: ['test/unit/**/*.test.ts'], exclude: apart, isolate: false },
          },
        ],
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
