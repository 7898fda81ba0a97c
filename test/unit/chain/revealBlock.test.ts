import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EpochState, epochOfNextBlock, nextEpochBlock, revealBlockOf } from '../../../src/chain/epochClock.ts'

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

/** Epoch by epoch. */
function walk(start: EpochState): number | undefined {
  const target = epochOfNextBlock(start) + start.revealPeriodEpochs
  let state = start
  while (state.epochIndex < target) {
    const block = nextEpochBlock(state)
    if (block === undefined) return undefined
    const epochIndex = state.epochIndex + 1
    state = { ...state, block, lastEpochBlock: block, pendingEpochAt: 0, blocksSinceLastStep: 0, epochIndex }
  }
  return state.block
}

test('it is where a walk from epoch to epoch ends', () => {
  const states = fc.record<EpochState>({
    block: fc.integer({ min: 1_000, max: 2_000 }),
    tempoBlocks: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 50_300, max: 65_535 })),
    lastEpochBlock: fc.integer({ min: 0, max: 1_000 }),
    pendingEpochAt: fc.oneof(fc.constant(0), fc.integer({ min: 900, max: 2_500 })),
    blocksSinceLastStep: fc.oneof(fc.nat(2_000), fc.integer({ min: 50_000, max: 51_000 })),
    epochIndex: fc.nat(20),
    revealPeriodEpochs: fc.integer({ min: 1, max: 100 }),
  })
  fc.assert(
    fc.property(states, (state) => {
      expect(revealBlockOf(state)).toBe(walk(state))
    }),
  )
})

test('a reveal period that no chain has is no endless walk', () => {
  expect(revealBlockOf(stateOf({ revealPeriodEpochs: 2 ** 40 }))).toBe(1360 + (2 ** 40 - 1) * 360)
})
