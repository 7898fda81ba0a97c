import { convertFixed, i32f32, i64f64 } from '../fixed/fixedFormat.ts'
import { divFixed, one } from '../fixed/unitKernel.ts'
import type { EpochInput } from './epochInput.ts'
import { alphaCurveOf, liquidAlphas } from './liquidAlpha.ts'
import { liquidMovingAverage, movingAverage } from './movingAverage.ts'
import { normaliseColumns, upscaleColumns } from './normaliseRows.ts'
import { scaleRows } from './rowProducts.ts'
import type { FixedRows, SparseRows } from './sparseRows.ts'
import { keepEntries } from './weights.ts'
import { normaliseWideColumns, wideMovingAverage } from './wideMovingAverage.ts'

/** Bonds after an epoch. */
export interface Bonds {
  /** What is stored, before it is cut to u16. Beyond the doubles' range only where the rate lies outside [0, 1]. */
  readonly stored: FixedRows | SparseRows<BigInt64Array>
  /** Normalised by column: each validator's part in each miner, which dividends are paid by. */
  readonly shares: FixedRows
}

/** What the bond steps read besides the old bonds. */
export interface BondTerms {
  /** Step 7's weights. */
  readonly weights: FixedRows
  readonly activeStake: Float64Array
  readonly consensus: Float64Array
}

/**
 * The stored bonds without those on uids that registered after the previous epoch.
 *
 * @see facts: yuma-consensus.md, 4 step 8
 */
export function bondsInForce(input: EpochInput): FixedRows {
  const lastTempo = input.lastStepBlock === 0 ? Math.max(0, input.currentBlock - input.tempo) : input.lastStepBlock + 1
  return keepEntries(input.bonds, (_, j) => j < input.n && lastTempo > input.blockAtRegistration[j]!)
}

/**
 * The rate at which bonds follow weights, `1 - bonds_moving_average / 1,000,000` as raw I32F32; negative above a million.
 *
 * @see facts: yuma-consensus.md, 4 step 8
 */
export function bondsRate(bondsMovingAverage: bigint): bigint {
  const kept = i64f64.safeDiv(i64f64.fromInteger(bondsMovingAverage), i64f64.fromInteger(1_000_000n))
  return i32f32.sub(i32f32.one, convertFixed(kept, i64f64, i32f32))
}

/** Yuma 2: bonds are shares of each column, bought with stake times weight, and stored relative to the column's largest. */
export function bondsYuma2(input: EpochInput, terms: BondTerms): Bonds {
  const { n } = input
  const old = normaliseColumns(bondsInForce(input), n)
  const bought = normaliseColumns(scaleRows(terms.weights, terms.activeStake), n)
  const { shares } = average(bought, old, bondsRate(input.bondsMovingAverage), n)
  return { stored: upscaleColumns({ ...shares, value: shares.value.slice() }, n), shares }
}

/** Yuma 3: each bond follows its own weight, at a common rate or, under liquid alpha, at one of its own. */
export function bondsYuma3(input: EpochInput, terms: BondTerms): Bonds {
  const { n } = input
  const old = bondsInForce(input)
  for (let k = 0; k < old.value.length; k++) old.value[k] = divFixed(old.value[k]!, 65535 * one)
  if (input.liquidAlpha && terms.consensus.some((value) => value !== 0)) {
    const alphas = liquidAlphas(terms.weights, old, terms.consensus, alphaCurveOf(input))
    return withShares(liquidMovingAverage(terms.weights, old, alphas, n), n)
  }
  return average(terms.weights, old, bondsRate(input.bondsMovingAverage), n)
}

function average(fresh: FixedRows, old: FixedRows, rate: bigint, n: number): Bonds {
  if (rate >= 0n && rate <= i32f32.one) return withShares(movingAverage(fresh, old, Number(rate), n), n)
  const stored = wideMovingAverage(fresh, old, rate, n)
  return { stored, shares: normaliseWideColumns(stored, n) }
}

function withShares(stored: FixedRows, n: number): Bonds {
  return { stored, shares: normaliseColumns({ ...stored, value: stored.value.slice() }, n) }
}
