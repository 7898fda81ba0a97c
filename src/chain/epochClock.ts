import type { Hash } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { readMany } from './readMany.ts'
import { asBigint, asNumber } from './values.ts'

/** Where a subnet stands in its tempo, read at one block. @see facts: subtensor-chain.md, epoch timing [425] */
export interface EpochState {
  readonly block: number
  readonly tempoBlocks: number
  readonly lastEpochBlock: number
  readonly pendingEpochAt: number
  readonly blocksSinceLastStep: number
  /** Number of epochs run so far. */
  readonly epochIndex: number
  readonly revealPeriodEpochs: number
}

export async function getEpochState(chain: Chain, options: { netuid: number; at?: Hash }): Promise<EpochState> {
  const names = [
    'Tempo',
    'LastEpochBlock',
    'PendingEpochAt',
    'BlocksSinceLastStep',
    'SubnetEpochIndex',
    'RevealPeriodEpochs',
  ]
  const [block, tempo, last, pending, since, index, period] = await readMany(
    chain,
    [
      { pallet: 'System', item: 'Number' },
      ...names.map((item) => ({ pallet: 'SubtensorModule', item, keys: [options.netuid] })),
    ],
    options.at,
  )
  return {
    block: asNumber(block),
    tempoBlocks: asNumber(tempo),
    lastEpochBlock: asNumber(last),
    pendingEpochAt: asNumber(pending),
    blocksSinceLastStep: Number(asBigint(since)),
    epochIndex: asNumber(index),
    revealPeriodEpochs: asNumber(period),
  }
}

const longestStepBlocks = 50_400

/** First block after `state.block` in which an epoch runs; undefined for tempo 0 without a pending epoch. */
export function nextEpochBlock(state: EpochState): number | undefined {
  const next = state.block + 1
  const candidates: number[] = []
  if (state.tempoBlocks > 0) {
    candidates.push(
      state.lastEpochBlock + state.tempoBlocks,
      state.block + longestStepBlocks + 1 - state.blocksSinceLastStep,
    )
    if (state.pendingEpochAt > 0) candidates.push(state.pendingEpochAt)
  }
  return candidates.length === 0 ? undefined : Math.max(next, Math.min(...candidates))
}

/**
 * The epoch number that a commit or reveal made in the next block belongs to: an epoch that runs in that block counts
 * already, since it runs before the block's transactions.
 */
export function epochOfNextBlock(state: EpochState): number {
  return nextEpochBlock(state) === state.block + 1 ? state.epochIndex + 1 : state.epochIndex
}

/**
 * The block in which what the next block commits to is due for its reveal: the first one of the epoch that is
 * `revealPeriodEpochs` later. An owner who starts an epoch by hand before it makes it come sooner.
 *
 * @returns undefined for tempo 0, where no epoch ever runs
 * @see facts: commit-reveal.md, 4.5
 */
export function revealBlockOf(state: EpochState): number | undefined {
  const epochs = epochOfNextBlock(state) + state.revealPeriodEpochs - state.epochIndex
  const first = nextEpochBlock(state)
  if (first === undefined) return undefined
  // From there on one follows the other at the same distance; a chain may say any number of them.
  return first + (epochs - 1) * Math.min(state.tempoBlocks, longestStepBlocks + 1)
}
