import { InputError } from '../base/errors.ts'
import { maxU64 } from '../fixed/fixedFormat.ts'
import { type Fixed96, highOf, lowOf, scaleU64, setWords, wordsOf } from '../fixed/u64Words.ts'
import type { EpochInput } from './epochInput.ts'

const two32 = 2 ** 32

/** Step 2's results by uid. */
export interface Stake {
  /** S: total stake normalised, raw I32F32. Sums to slightly less than 1; tiny stakes may be exactly 0. */
  readonly normalised: Float64Array
  /** T, unfiltered, cut to whole rao. */
  readonly total: BigUint64Array
}

/** n totals of three words each with 32 fraction bits, lowest first. */
type Totals = Float64Array

/**
 * Step 2: alpha plus weighted TAO, those below the threshold set to 0, normalised.
 *
 * The chain normalises in I64F64 and then cuts to I32F32; a quotient cut twice is the quotient cut once, so 32 bits are
 * computed at once. The product of TAO and weight needs no rounding in I64F64.
 *
 * @throws InputError where all stake together reaches 2^63 rao, which no issuance allows and I64F64 cannot hold
 * @see facts: yuma-consensus.md, 4 step 2
 */
export function totalStake(input: EpochInput): Stake {
  const totals = addStakes(input.alphaStake, input.taoStake, input.taoWeight)
  const total = new BigUint64Array(input.n)
  const words = wordsOf(total)
  for (let i = 0; i < input.n; i++) setWords(words, i, totals[3 * i + 2]!, totals[3 * i + 1]!)
  if (sumTotals(totals)[2] >= two32 / 2) {
    throw new InputError('alphaStake', 'a sum of 2^63 rao or more', 'no chain state holds that much stake')
  }
  dropBelow(totals, input.stakeThreshold, input.ownerUid)
  return { normalised: normaliseTotals(totals), total }
}

/** Amounts below 2^63 in all as shares of their sum, raw I32F32, cut: the chain's I64F64 division cut to 32 bits. */
export function normaliseStake(amounts: BigUint64Array): Float64Array {
  return normaliseTotals(addStakes(amounts, new BigUint64Array(amounts.length), 0n))
}

function addStakes(alphaStake: BigUint64Array, taoStake: BigUint64Array, taoWeight: bigint): Totals {
  const weight = Number((taoWeight << 32n) / maxU64)
  const alpha = wordsOf(alphaStake)
  const tao = wordsOf(taoStake)
  const totals = new Float64Array(3 * alphaStake.length)
  const weighted: Fixed96 = [0, 0, 0]
  for (let i = 0; i < alphaStake.length; i++) {
    scaleU64(highOf(tao, i), lowOf(tao, i), weight, weighted)
    const low = weighted[1] + lowOf(alpha, i)
    const carry = low >= two32 ? 1 : 0
    totals[3 * i] = weighted[0]
    totals[3 * i + 1] = low - carry * two32
    totals[3 * i + 2] = weighted[2] + highOf(alpha, i) + carry
  }
  return totals
}

function dropBelow(totals: Totals, threshold: bigint, ownerUid: number | null): void {
  if (threshold === 0n) return
  const high = Number(threshold >> 32n)
  const low = Number(threshold & 0xffff_ffffn)
  for (let i = 0; 3 * i < totals.length; i++) {
    const above = totals[3 * i + 2]! - high
    if (i !== ownerUid && (above < 0 || (above === 0 && totals[3 * i + 1]! < low))) totals.fill(0, 3 * i, 3 * i + 3)
  }
}

/** Word sums of 2^16 uids stay below 2^49 before the carries. */
function sumTotals(totals: Totals): Fixed96 {
  const sum: Fixed96 = [0, 0, 0]
  for (let k = 0; k < totals.length; k += 3) {
    sum[0] += totals[k]!
    sum[1] += totals[k + 1]!
    sum[2] += totals[k + 2]!
  }
  const carry0 = Math.floor(sum[0] / two32)
  const carry1 = Math.floor((sum[1] + carry0) / two32)
  return [sum[0] - carry0 * two32, sum[1] + carry0 - carry1 * two32, sum[2] + carry1]
}

function normaliseTotals(totals: Totals): Float64Array {
  const shares = new Float64Array(totals.length / 3)
  const sum = sumTotals(totals)
  const divisor = roundWords(sum[0], sum[1], sum[2])
  if (divisor === 0) return shares
  for (let i = 0; i < shares.length; i++) {
    const fraction = totals[3 * i]!
    const low = totals[3 * i + 1]!
    const high = totals[3 * i + 2]!
    const total = roundWords(fraction, low, high)
    if (total === 0) continue
    // Five roundings of 2^-53 on a quotient of at most 2^32: off by less than 2^-18.
    const share = (total / divisor) * two32
    const nearest = Math.round(share)
    shares[i] = Math.abs(share - nearest) > 2 ** -18 ? Math.floor(share) : exactShare(fraction, low, high, sum)
  }
  return shares
}

function roundWords(fraction: number, low: number, high: number): number {
  return high * two32 + low + fraction / two32
}

/** For the few quotients too close to an integer for doubles to tell, such as those of equal stakes. */
function exactShare(fraction: number, low: number, high: number, sum: Fixed96): number {
  const join = (word0: number, word1: number, word2: number): bigint =>
    (BigInt(word2) << 64n) | (BigInt(word1) << 32n) | BigInt(word0)
  return Number((join(fraction, low, high) << 32n) / join(...sum))
}

/**
 * Step 4: the stake of active uids that held a permit before this epoch, normalised among themselves.
 *
 * @param active, permitted 1 or 0 by uid
 * @see facts: yuma-consensus.md, 4 step 4
 */
export function maskStake(normalised: Float64Array, active: Uint8Array, permitted: Uint8Array): Float64Array {
  const masked = new Float64Array(normalised.length)
  for (let i = 0; i < masked.length; i++) masked[i] = active[i] === 1 && permitted[i] === 1 ? normalised[i]! : 0
  return masked
}
