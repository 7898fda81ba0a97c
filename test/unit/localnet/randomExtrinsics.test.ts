import { expect, test } from 'vitest'
import { runRandomChain } from './randomChain.ts'

// Half a minute; `npm run test:long` drives ten thousand blocks. Another seed finds other ways.
const blocks = Number(process.env.FACULTY_RANDOM_BLOCKS ?? 500)
const seed = process.env.FACULTY_RANDOM_SEED ?? 'random extrinsics'

test(`nothing that anybody sends in ${blocks} blocks breaks the chain`, {
  timeout: 120_000 + blocks * 1000,
}, async () => {
  const { succeeded, failed, refused } = await runRandomChain({ blocks, seed })
  if (process.env.FACULTY_RANDOM_TALLY !== undefined) console.log([...succeeded].sort(), [...failed].sort(), refused)
  expect(refused).toBeGreaterThan(0)
})
