import { expect, test } from 'vitest'
import { runRandomChain } from '../unit/localnet/randomChain.ts'

const blocks = Number(process.env.FACULTY_RANDOM_BLOCKS ?? 10_000)
const seed = process.env.FACULTY_RANDOM_SEED ?? `long ${new Date().toISOString().slice(0, 10)}`

test(`${blocks} blocks of random extrinsics, seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const { succeeded, failed } = await runRandomChain({ blocks, seed })
  expect(succeeded.size).toBeGreaterThan(40)
  expect(failed.size).toBeGreaterThan(20)
})
