import { clampU64, convertFixed, larger, maxU64, smaller, u64f64, u96f32 } from '../fixed/fixedFormat.ts'
import { powerRatio } from '../fixed/powerRatio.ts'

/** Weights of a pool are integers out of this; the two add up to it. */
export const weightScale = 10n ** 18n
/** Neither weight may fall below 0.01. */
export const minWeight = weightScale / 100n
export const defaultQuoteWeight = weightScale / 2n

/** A subnet's pool: the reserves in rao and the weight of TAO (the quote); alpha (the base) has the rest. */
export interface WeightedPool {
  readonly tao: bigint
  readonly alpha: bigint
  readonly quoteWeight: bigint
}

const baseWeight = (pool: WeightedPool): bigint => weightScale - pool.quoteWeight

/**
 * TAO per alpha as raw U64F64; 0 without alpha. Coinbase uses it floored to U96F32, see `coinbasePrice`.
 *
 * @see facts: emission.md, 3.2
 */
export function spotPrice(pool: WeightedPool): bigint {
  const weights = u64f64.safeDiv(u64f64.fromInteger(baseWeight(pool)), u64f64.fromInteger(pool.quoteWeight))
  const reserves = u64f64.safeDiv(u64f64.fromInteger(pool.tao), u64f64.fromInteger(pool.alpha))
  return u64f64.mul(weights, reserves)
}

/** The spot price as raw U96F32, as `subnetTerms` takes it. */
export function coinbasePrice(pool: WeightedPool): bigint {
  return convertFixed(spotPrice(pool), u64f64, u96f32)
}

/**
 * Alpha that `tao` rao buy, fee already taken off: `alpha (1 - (y / (y + dy))^(quote / base))`.
 *
 * @see facts: emission.md, 4
 */
export function buyAlpha(pool: WeightedPool, tao: bigint): bigint {
  return paidOut(pool.alpha, pool.tao, tao, { numerator: pool.quoteWeight, denominator: baseWeight(pool) })
}

/** TAO that `alpha` rao of alpha sell for, fee already taken off. */
export function sellAlpha(pool: WeightedPool, alpha: bigint): bigint {
  return paidOut(pool.tao, pool.alpha, alpha, { numerator: baseWeight(pool), denominator: pool.quoteWeight })
}

/**
 * The power is cut to 18 decimals and held in U64F64, at equal weights too, so that the answer is the chain's and not
 * the constant product's, which may be one rao less.
 */
function paidOut(
  reserveOut: bigint,
  reserveIn: bigint,
  amountIn: bigint,
  exponent: { numerator: bigint; denominator: bigint },
): bigint {
  const denominator = clampU64(reserveIn + amountIn)
  const power = denominator === 0n ? 0n : powerRatio({ numerator: reserveIn, denominator }, exponent, weightScale)
  const kept = u64f64.safeDiv(u64f64.fromInteger(power), u64f64.fromInteger(weightScale))
  return u64f64.floor(u64f64.mul(u64f64.fromInteger(reserveOut), u64f64.sub(u64f64.one, kept)))
}

/**
 * TAO to pay in, before fee, until the price reaches `target` (raw U64F64, at or above the spot price):
 * `y ((target / price)^base - 1)`.
 *
 * @see subtensor `pallets/swap/src/pallet/balancer/mod.rs` calculate_quote_delta_in
 */
export function taoToReachPrice(pool: WeightedPool, target: bigint): bigint {
  return paidIn(pool.tao, { numerator: target, denominator: spotPrice(pool) }, baseWeight(pool))
}

/** Alpha to pay in, before fee, until the price falls to `target` (raw U64F64): `x ((price / target)^quote - 1)`. */
export function alphaToReachPrice(pool: WeightedPool, target: bigint): bigint {
  return paidIn(pool.alpha, { numerator: spotPrice(pool), denominator: target }, pool.quoteWeight)
}

function paidIn(reserve: bigint, ratio: { numerator: bigint; denominator: bigint }, weight: bigint): bigint {
  if (ratio.denominator === 0n) return 0n
  const power = powerRatio(ratio, { numerator: weight, denominator: weightScale }, weightScale)
  const growth = u64f64.safeDiv(u64f64.fromInteger(smaller(power, maxU64)), u64f64.fromInteger(weightScale))
  return u64f64.floor(u64f64.mul(u64f64.fromInteger(reserve), u64f64.sub(growth, u64f64.one)))
}

const maxU128 = (1n << 128n) - 1n

/**
 * The quote weight after `added` enters the pool without moving its price.
 *
 * @returns parts of 10^18, or null where either weight would fall below `minWeight`: nothing is injected then
 * @see facts: emission.md, 4 (1)
 */
export function quoteWeightAfterInjection(pool: WeightedPool, added: { tao: bigint; alpha: bigint }): bigint | null {
  const base = weighted(baseWeight(pool), pool.tao * (pool.alpha + added.alpha))
  const quote = weighted(pool.quoteWeight, pool.alpha * (pool.tao + added.tao))
  const sum = smaller(base + quote, maxU128)
  const weight = sum === 0n ? defaultQuoteWeight : perQuintill(quote, sum)
  return weight < minWeight || weightScale - weight < minWeight ? null : weight
}

/** A product of a weight and a u128, rounded to the nearest integer. */
function weighted(weight: bigint, product: bigint): bigint {
  return (smaller(product, maxU128) * weight + weightScale / 2n) / weightScale
}

/**
 * `part / whole` in parts of 10^18, cut. Both are first divided by the smallest integer that brings the whole under
 * 10^18, which costs last digits.
 *
 * @see Substrate `primitives/arithmetic/src/per_things.rs` from_rational
 */
function perQuintill(part: bigint, whole: bigint): bigint {
  const factor = larger(1n, (whole + weightScale - 1n) / weightScale)
  return ((part / factor) * weightScale) / (whole / factor)
}
