import { shareOutU64 } from '../fixed/u64Words.ts'
import { quantiseU16 } from '../fixed/unitKernel.ts'
import type { Bonds } from './bonds.ts'
import type { EmissionShares } from './emissionShares.ts'
import type { EpochInput } from './epochInput.ts'
import type { EpochOutput, EpochTrace } from './epochOutput.ts'
import { pruningScores } from './scores.ts'
import type { FixedRows, SparseRows } from './sparseRows.ts'

export interface EpochOptions {
  readonly trace: boolean
  readonly scores?: boolean
}

/** Every step's result; vectors by uid, raw I32F32, flags 1 or 0. */
export interface EpochSteps {
  readonly active: Uint8Array
  readonly stake: Float64Array
  readonly totalStake: BigUint64Array
  readonly activeStake: Float64Array
  readonly newPermits: Uint8Array
  readonly weights: FixedRows
  readonly consensus: Float64Array
  readonly validatorTrust: Float64Array
  readonly incentive: Float64Array
  /** Only where scores are asked for. */
  readonly trust: Float64Array | undefined
  readonly dividends: Float64Array
  readonly bonds: Bonds['stored']
  readonly shares: EmissionShares
}

/**
 * Step 10: what the epoch stores and hands on, cut to u16 and whole rao.
 *
 * @see facts: yuma-consensus.md, 6
 */
export function epochOutput(input: EpochInput, steps: EpochSteps, options: EpochOptions): EpochOutput {
  const incentive = quantise(steps.incentive)
  const output: EpochOutput = {
    active: flags(steps.active),
    stakeWeight: quantise(steps.stake),
    consensus: quantise(steps.consensus),
    incentive,
    dividends: quantise(steps.dividends),
    validatorTrust: quantise(steps.validatorTrust),
    validatorPermit: flags(steps.newPermits),
    emission: shareOutU64(input.emission, steps.shares.combined),
    serverEmission: shareOutU64(input.emission, steps.shares.server),
    validatorEmission: shareOutU64(input.emission, steps.shares.validator),
    stake: steps.totalStake,
    bonds: storedBonds(steps.bonds, steps.newPermits),
    ...(steps.trust && {
      scores: { rank: incentive, trust: quantise(steps.trust), pruning: pruningScores(steps.shares.combined) },
    }),
  }
  return options.trace ? { ...output, trace: traceOf(steps) } : output
}

function flags(marks: Uint8Array): boolean[] {
  return Array.from(marks, (mark) => mark === 1)
}

function quantise(values: Float64Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = quantiseU16(values[i]!)
  return out
}

/** Rows of uids with a permit, every entry kept even where it becomes 0. */
function storedBonds(bonds: Bonds['stored'], permitted: Uint8Array): SparseRows<Uint16Array> {
  const fixed = bonds.value instanceof Float64Array ? bonds.value : Float64Array.from(bonds.value, cutToTwo)
  const rowStart = new Uint32Array(bonds.rowStart.length)
  const column = new Uint16Array(bonds.column.length)
  const value = new Uint16Array(bonds.column.length)
  let size = 0
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = permitted[i] === 1 ? bonds.rowStart[i + 1]! : bonds.rowStart[i]!
    for (let k = bonds.rowStart[i]!; k < end; k++) {
      column[size] = bonds.column[k]!
      value[size++] = quantiseU16(fixed[k]!)
    }
    rowStart[i + 1] = size
  }
  return { rowStart, column: column.slice(0, size), value: value.slice(0, size) }
}

/** Every bond of 1 or more is stored as 65,535, so a wide one may be cut to what doubles hold. */
function cutToTwo(bond: bigint): number {
  return bond < 1n << 33n ? Number(bond) : 2 ** 33
}

function traceOf(steps: EpochSteps): EpochTrace {
  return {
    stake: rawOf(steps.stake),
    activeStake: rawOf(steps.activeStake),
    weights: { ...steps.weights, value: rawOf(steps.weights.value) },
    consensus: rawOf(steps.consensus),
    validatorTrust: rawOf(steps.validatorTrust),
    incentive: rawOf(steps.incentive),
    dividends: rawOf(steps.dividends),
    bonds: { ...steps.bonds, value: rawOf(steps.bonds.value) },
  }
}

function rawOf(values: Float64Array | BigInt64Array): BigInt64Array {
  return values instanceof BigInt64Array ? values : BigInt64Array.from(values, BigInt)
}
