import type { Weights } from '../chain/setWeights.ts'

/**
 * How far weights have come:
 * - `sending`: written down; whether the chain has got them is not known yet.
 * - `committed`: the chain holds their hash, to be revealed in the epoch `RevealPeriodEpochs` after `epoch`.
 * - `revealing`: a reveal was sent in `block` or after it; whether it succeeded is not known yet.
 * - `done`: revealed, set openly, or committed so that the chain does the rest.
 * - `lost`: the reveal's epoch passed, or the chain never got them.
 * - `refused`: the chain refused them.
 */
export type WeightsState = 'sending' | 'committed' | 'revealing' | 'done' | 'lost' | 'refused'

/** Weights about to be sent, with all that a reveal needs. */
export interface WeightsDraft extends Weights {
  /** Hashed and revealed later, timelocked so that the chain opens it by itself, or open from the start. */
  readonly kind: 'commit' | 'timelocked' | 'set'
  /** The epoch that they belong to; for a commit on the chain, the one that the chain holds. */
  readonly epoch: number
  /** A block at which the state was known to hold; for `sending` and `revealing` the head when they were sent. */
  readonly block: number
  /** u16 each; empty for weights set openly. */
  readonly salt: readonly number[]
  readonly versionKey: bigint
}

export interface WeightsRow extends WeightsDraft {
  readonly id: number
  readonly state: WeightsState
}
