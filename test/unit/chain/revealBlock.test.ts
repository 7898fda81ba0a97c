import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type EpochState, revealBlockOf } from '../../../src/chain/epochClock.ts'

const { reveal_block: vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/commit-reveal/timelocked-commit.json', import.meta.url), 'utf8'),
)

const stateOf = (change: Partial<EpochState>): EpochState => ({
  block: 1000,
  tempoBlocks: 360,
  lastEpochBlock: 1000,
  pendingEpochAt: 0,
  blocksSinceLastStep: 0,
  epochIndex: 7,
  revealPeriodEpochs: 1,
  ...change,
})

test.each(vectors as Record<string, number>[])('block of the reveal: $reveal', (v) => {
  const state = stateOf({
    block: v.head!,
    tempoBlocks: v.tempo!,
    lastEpochBlock: v.last!,
    pendingEpochAt: v.pending!,
    blocksSinceLastStep: v.since!,
    epochIndex: v.index!,
    revealPeriodEpochs: v.period!,
  })
  expect(revealBlockOf(state)).toBe(v.reveal)
})

test('a subnet without epochs never reveals; one that waited too long has its epoch all the same', () => {
  expect(revealBlockOf(stateOf({ tempoBlocks: 0 }))).toBeUndefined()
  // The epoch of the next block is due, as none ran for 50,400 blocks; the one after it is that of the reveal.
  const stuck = stateOf({ tempoBlocks: 60_000, lastEpochBlock: 990, blocksSinceLastStep: 50_400 })
  expect(revealBlockOf(stuck)).toBe(1001 + 50_401)
})
