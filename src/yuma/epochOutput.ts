import type { SparseRows } from './sparseRows.ts'

/**
 * What one epoch of one mechanism gives, by uid. u16 values are fractions of 65,535, cut, not rounded.
 *
 * @see facts: yuma-consensus.md, 6
 */
export interface EpochOutput {
  readonly active: boolean[]
  readonly stakeWeight: Uint16Array
  readonly consensus: Uint16Array
  readonly incentive: Uint16Array
  readonly dividends: Uint16Array
  readonly validatorTrust: Uint16Array
  readonly validatorPermit: boolean[]
  /** The metagraph's figure and the pruning score, alpha rao. */
  readonly emission: BigUint64Array
  /** For distribution: incentives, alpha rao. They fall a few units short of their sum; nobody gets the rest. */
  readonly serverEmission: BigUint64Array
  /** For distribution: dividends, only their proportions count, alpha rao. */
  readonly validatorEmission: BigUint64Array
  /** Unfiltered total stake, alpha plus weighted TAO, rao. */
  readonly stake: BigUint64Array
  /** To be stored; the row of a uid without a new permit is empty. */
  readonly bonds: SparseRows<Uint16Array>
  /** Present where the caller asked for them. */
  readonly scores?: EpochScores
  /** Present where the caller asked for it. */
  readonly trace?: EpochTrace
}

/** Figures that releases up to 393 store beside the others. */
export interface EpochScores {
  /** The incentive under its old name. */
  readonly rank: Uint16Array
  /** What is left of a neuron's rank after clipping, as a share of it; 0 where it had none. */
  readonly trust: Uint16Array
  /** Emission as a fraction of the highest one. */
  readonly pruning: Uint16Array
}

/** Intermediate values of an epoch as raw I32F32. */
export interface EpochTrace {
  /** Normalised, unmasked. */
  readonly stake: BigInt64Array
  readonly activeStake: BigInt64Array
  /** Masked and row-normalised. */
  readonly weights: SparseRows<BigInt64Array>
  readonly consensus: BigInt64Array
  readonly validatorTrust: BigInt64Array
  readonly incentive: BigInt64Array
  readonly dividends: BigInt64Array
  /** After the last step that changes them, before they are cut to u16. */
  readonly bonds: SparseRows<BigInt64Array>
}
