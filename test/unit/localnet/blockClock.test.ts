import { expect, onTestFinished, test, vi } from 'vitest'
import { BlockClock } from '../../../src/localnet/blockClock.ts'
import { ForkError } from '../../../src/localnet/fork/forkError.ts'

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

test("a fork's source that is silent for a while holds blocks up only for so long", async () => {
  const failure = { code: 'fork-source-silent', endpoint: 'ws://source', method: 'state_queryStorageAt' } as const
  const notes: string[] = []
  let [tried, made] = [0, 0]
  const clock = new BlockClock({
    nowMs: Date.now,
    produce: () => {
      if (++tried <= 3) throw new ForkError('the source does not answer', failure)
      if (++made === 2) throw new Error('a mistake of ours')
    },
    hasWork: () => false,
    note: (line) => notes.push(line),
  })
  onTestFinished(() => clock.stop())
  clock.start({ kind: 'every', ms: 5 })
  await vi.waitFor(() => expect(made).toBe(2))
  expect(notes).toEqual([
    'no block for now: the source does not answer',
    expect.stringContaining('block production stopped: Error: a mistake of ours'),
  ])
  expect(clock.interval).toEqual({ kind: 'manual' })
})
