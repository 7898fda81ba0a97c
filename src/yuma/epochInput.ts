import type { SparseRows } from './sparseRows.ts'

/**
 * Everything one epoch of one mechanism reads, named as in the facts page and, in camel case, as in `yuma-vectors/1`.
 * Vectors have length `n` and are indexed by uid. Blocks are JavaScript integers (a chain at four blocks a second
 * reaches 2^53 in 70 million years); amounts are rao.
 *
 * @see facts: yuma-consensus.md, 3
 */
export interface EpochInput {
  /** Number of uids, 0 to 65,535. */
  readonly n: number
  readonly currentBlock: number
  readonly tempo: number
  /** Block of the last completed epoch of this subnet, 0 if none. */
  readonly lastStepBlock: number
  /** `max(1, factor_milli * tempo / 1000)`, in blocks; see `activityCutoffBlocks`. */
  readonly activityCutoffBlocks: number
  /** Per mechanism. */
  readonly lastUpdate: ArrayLike<number>
  readonly blockAtRegistration: ArrayLike<number>
  /** Stake in alpha after parents and children, see `inheritedStake`. */
  readonly alphaStake: BigUint64Array
  /** Root stake in TAO after parents and children. */
  readonly taoStake: BigUint64Array
  /** u64, a fraction of 2^64 - 1. */
  readonly taoWeight: bigint
  readonly stakeThreshold: bigint
  /** uid of the subnet owner's hotkey, null where it has none. */
  readonly ownerUid: number | null
  /** As the previous epoch left them. */
  readonly validatorPermit: ArrayLike<boolean>
  readonly maxValidators: number
  readonly kappa: number
  readonly bondsPenalty: number
  /** u64, parts per million. */
  readonly bondsMovingAverage: bigint
  readonly yuma3: boolean
  readonly liquidAlpha: boolean
  readonly alphaLow: number
  readonly alphaHigh: number
  /** i16, hundredths. */
  readonly alphaSigmoidSteepness: number
  readonly commitReveal: boolean
  /** Block of each uid's earliest live weight commit in this mechanism; null where it has none. */
  readonly commitBlocks: ArrayLike<number | null> | null
  /** Alpha that this epoch shares out, u64. */
  readonly emission: bigint
  /** As stored: u16 values in the setter's order, zeros included. Per mechanism. */
  readonly weights: SparseRows<Uint16Array>
  /** From the previous epoch. Per mechanism. */
  readonly bonds: SparseRows<Uint16Array>
}
