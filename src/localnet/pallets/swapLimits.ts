import { clampU64, larger, maxU64, smaller, u64f64 } from '../../fixed/fixedFormat.ts'
import { alphaToReachPrice, taoToReachPrice } from '../../yuma/weightedPool.ts'
import type { State } from '../state.ts'
import { errors, feeDenominator, isStable, poolOf, spotPrice, storage } from './swap.ts'

/**
 * How much may be swapped before a price limit is reached. Limits are rao per alpha, amounts rao with the fee in them.
 *
 * @see facts: subtensor-chain.md, prices and swaps
 */

const one = 1_000_000_000n
const lowestLimit = 1000n
const highestLimit = 1_000_000_000_000_000n

function priceOf(limit: bigint): bigint {
  const bounded = larger(lowestLimit, smaller(limit, highestLimit))
  return u64f64.safeDiv(u64f64.fromInteger(bounded), u64f64.fromInteger(one))
}

/** The input with the fee that is due where the limit ends the swap. */
function withFee(state: State, netuid: number, input: bigint): bigint {
  const rate = BigInt(state.get(storage.FeeRate, netuid))
  return clampU64(input + (input * rate) / (feeDenominator - rate))
}

/** TAO that may buy alpha before it costs more than `limit`. @throws DispatchFailure Swap.PriceLimitExceeded where it already does */
export function mostBuy(state: State, netuid: number, limit: bigint): bigint {
  if (isStable(state, netuid)) return limit >= one ? maxU64 : 0n
  const target = priceOf(limit)
  if (spotPrice(state, netuid) > target) throw errors.PriceLimitExceeded()
  return withFee(state, netuid, taoToReachPrice(poolOf(state, netuid), target))
}

/** Alpha that may be sold before it yields less than `limit`. @throws DispatchFailure Swap.PriceLimitExceeded where it already does */
export function mostSell(state: State, netuid: number, limit: bigint): bigint {
  if (isStable(state, netuid)) return limit <= one ? maxU64 : 0n
  const target = priceOf(limit)
  if (spotPrice(state, netuid) < target) throw errors.PriceLimitExceeded()
  return withFee(state, netuid, alphaToReachPrice(poolOf(state, netuid), target))
}

/**
 * Alpha of one subnet that may be moved to another before it gets less than `limit` there: alpha of the destination
 * for each alpha, times 10^9. Between two pools it is the chain's own estimate for equal weights.
 *
 * @see facts: subtensor-chain.md, swap_stake_limit
 */
export function mostMove(state: State, from: number, to: number, limit: bigint): bigint {
  if (isStable(state, from)) {
    if (isStable(state, to)) return limit > one ? 0n : maxU64
    return limit === 0n ? maxU64 : mostBuy(state, to, clampU64((one * one) / limit))
  }
  return isStable(state, to) ? mostSell(state, from, limit) : mostBetweenPools(state, from, to, limit)
}

function mostBetweenPools(state: State, from: number, to: number, limit: bigint): bigint {
  const [source, target] = [poolOf(state, from), poolOf(state, to)]
  if ([source.tao, source.alpha, target.tao, target.alpha].includes(0n)) return 0n
  const wanted = u64f64.safeDiv(u64f64.fromInteger(limit), u64f64.fromInteger(one))
  if (wanted > u64f64.safeDiv(spotPrice(state, from), spotPrice(state, to))) return 0n
  if (limit === 0n) return maxU64
  const all = u64f64.add(u64f64.fromInteger(source.tao), u64f64.fromInteger(target.tao))
  const sourceShare = u64f64.safeDiv(u64f64.fromInteger(source.tao), all)
  const targetShare = u64f64.safeDiv(u64f64.fromInteger(target.tao), all)
  const gross = u64f64.safeDiv(u64f64.mul(u64f64.fromInteger(target.alpha), sourceShare), wanted)
  const kept = u64f64.mul(u64f64.fromInteger(source.alpha), targetShare)
  return u64f64.floor(u64f64.sub(gross, kept))
}
