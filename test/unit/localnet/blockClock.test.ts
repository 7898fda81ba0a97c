import { expect, onTestFinished, test, vi } from 'vitest'
import { BlockClock } from '../../../src/localnet/blockClock.ts'

test('blocks go on at their pace when the wall clock is set back', async () => {
  let aheadMs = 3_600_000
  const made: number[] = []
  const clock = new BlockClock({
    nowMs: () => Date.now() + aheadMs,
    produce: (timestampMs) => {
      made.push(timestampMs)
      if (made.length === 2) aheadMs = 0
    },
    hasWork: () => false,
    note: () => undefined,
  })
  onTestFinished(() => clock.stop())
  clock.start({ kind: 'every', ms: 20 })
  await vi.waitFor(() => expect(made.length).toBeGreaterThan(4))
  expect(made.at(-1)).toBeLessThan(Date.now() + 1_000)
})
