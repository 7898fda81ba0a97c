import { expect, test } from 'vitest'
import { runUp } from '../e2e/runUp.ts'
import { faultsOf } from '../mainJob.mjs'

// Ten to twenty minutes on two cores: `npm run test:long`, and in CI with FACULTY_SEEDS=2.
const seeds = Array.from({ length: Number(process.env.FACULTY_SEEDS ?? 20) }, (_, i) => `seed-${i + 1}`)

test.each(seeds)('the main job shows all that it must: %s', { timeout: 180_000 }, async (seed) => {
  expect(faultsOf(await runUp(['--epochs', '3', '--seed', seed]).report)).toEqual([])
})
