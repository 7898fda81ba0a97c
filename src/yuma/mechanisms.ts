import { clampU64, u64f64 } from '../fixed/fixedFormat.ts'
import type { EpochOutput } from './epochOutput.ts'
import type { SparseRows } from './sparseRows.ts'

/** Storage index of a mechanism's weights, bonds, incentive and last updates. */
export function mechanismIndex(netuid: number, mechanism: number): number {
  return mechanism * 4096 + netuid
}

/**
 * Splits a subnet's alpha among its mechanisms; the first gets what is left over.
 *
 * @param split u16 shares of 65,535, padded with 0 or cut to `count`; null shares equally
 * @see facts: yuma-consensus.md, 7
 */
export function splitEmission(alpha: bigint, count: number, split: readonly number[] | null): bigint[] {
  const shares = Array.from({ length: count }, (_, k) =>
    split === null ? alpha / BigInt(count) : clampU64((alpha * BigInt(split[k] ?? 0)) / 65535n),
  )
  const sum = shares.reduce((total, share) => total + share, 0n)
  if (sum < alpha) shares[0] = clampU64(shares[0]! + alpha - sum)
  return shares
}

/** The outputs of a subnet's mechanisms, combined where the chain stores one figure for the subnet. */
export interface SubnetEpoch extends Omit<EpochOutput, 'incentive' | 'bonds' | 'trace'> {
  readonly mechanisms: readonly { readonly incentive: Uint16Array; readonly bonds: SparseRows<Uint16Array> }[]
}

/**
 * Combines one epoch's outputs over all mechanisms: u16 figures and the metagraph's emission as sums weighted by share
 * and cut after every mechanism, server and validator emission as plain sums, active and permit by "or".
 *
 * @param outputs of `epoch`, in mechanism order, all run on the same old permits
 * @param shares from `splitEmission`; `alpha` is what was split
 * @see facts: yuma-consensus.md, 7
 */
export function combineMechanisms(
  outputs: readonly EpochOutput[],
  shares: readonly bigint[],
  alpha: bigint,
): SubnetEpoch {
  const [first] = outputs
  if (first === undefined || outputs.length !== shares.length) {
    throw new RangeError(`combineMechanisms: ${outputs.length} outputs and ${shares.length} shares`)
  }
  const weights = shares.map((share, k) =>
    alpha === 0n ? (k === 0 ? u64f64.one : 0n) : u64f64.safeDiv(u64f64.fromInteger(share), u64f64.fromInteger(alpha)),
  )
  const blend = (pick: (output: EpochOutput) => Uint16Array): Uint16Array =>
    outputs.length === 1 && weights[0] === u64f64.one ? pick(first) : blendU16(outputs.map(pick), weights)
  return {
    active: first.active.map((_, i) => outputs.some((output) => output.active[i]!)),
    validatorPermit: first.validatorPermit.map((_, i) => outputs.some((output) => output.validatorPermit[i]!)),
    // Stake depends on nothing of a mechanism's own.
    stake: first.stake,
    stakeWeight: blend((output) => output.stakeWeight),
    consensus: blend((output) => output.consensus),
    dividends: blend((output) => output.dividends),
    validatorTrust: blend((output) => output.validatorTrust),
    emission: blendU64(
      outputs.map((output) => output.emission),
      weights,
    ),
    serverEmission: sum(outputs.map((output) => output.serverEmission)),
    validatorEmission: sum(outputs.map((output) => output.validatorEmission)),
    ...(first.scores && {
      scores: {
        rank: blend(({ scores }) => scores!.rank),
        trust: blend(({ scores }) => scores!.trust),
        pruning: blend(({ scores }) => scores!.pruning),
      },
    }),
    mechanisms: outputs.map(({ incentive, bonds }) => ({ incentive, bonds })),
  }
}

const two32 = 2 ** 32

/**
 * `acc <- floor(acc + value * weight)` over the mechanisms. A u16 times a 33-bit half of a raw U64F64 weight is below
 * 2^49, so doubles are exact.
 */
function blendU16(vectors: readonly Uint16Array[], weights: readonly bigint[]): Uint16Array {
  const out = new Uint16Array(vectors[0]!.length)
  for (const [k, vector] of vectors.entries()) {
    const high = Number(weights[k]! >> 32n)
    const low = Number(weights[k]! & 0xffff_ffffn)
    for (let i = 0; i < out.length; i++) {
      const value = vector[i]!
      const added = Math.floor((value * high + Math.floor((value * low) / two32)) / two32)
      out[i] = Math.min(out[i]! + added, 0xffff)
    }
  }
  return out
}

function blendU64(vectors: readonly BigUint64Array[], weights: readonly bigint[]): BigUint64Array {
  const out = new BigUint64Array(vectors[0]!.length)
  for (const [k, vector] of vectors.entries()) {
    for (let i = 0; i < out.length; i++) out[i] = clampU64(out[i]! + ((vector[i]! * weights[k]!) >> 64n))
  }
  return out
}

function sum(vectors: readonly BigUint64Array[]): BigUint64Array {
  return vectors[0]!.map((_, i) => {
    return clampU64(vectors.reduce((partial, vector) => partial + vector[i]!, 0n))
  })
}
