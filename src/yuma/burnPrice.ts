import { larger, smaller, u64f64 } from '../fixed/fixedFormat.ts'

/** Bounds of a subnet's registration price, rao. */
export interface BurnBounds {
  readonly min: bigint
  readonly max: bigint
}

const one = 1n << 32n
const half = 1n << 31n

const factors = new Map<number, bigint>()

/**
 * The factor, over 2^32, by which a registration price falls each block: the largest q whose `halfLifeBlocks`-th power
 * is at most a half, by bisection. Half-life 0 means no decay.
 *
 * @see facts: emission.md, 8
 */
export function burnDecayFactor(halfLifeBlocks: number): bigint {
  const known = factors.get(halfLifeBlocks)
  if (known !== undefined) return known
  const factor = halfLifeBlocks === 0 ? one : largestFactor(halfLifeBlocks)
  factors.set(halfLifeBlocks, factor)
  return factor
}

function largestFactor(halfLifeBlocks: number): bigint {
  let low = 0n
  let high = one - 1n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (power(middle, halfLifeBlocks) <= half) low = middle
    else high = middle - 1n
  }
  return low
}

function power(base: bigint, exponent: number): bigint {
  let result = one
  let square = base
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if (rest & 1) result = (result * square) >> 32n
    square = (square * square) >> 32n
  }
  return result
}

/** The registration price one block later; applies from block 2. */
export function decayBurn(burn: bigint, halfLifeBlocks: number, bounds: BurnBounds): bigint {
  return within(bounds, (burn * burnDecayFactor(halfLifeBlocks)) >> 32n)
}

/** Runtime default of the multiplier: the double nearest to 1.26, as raw U64F64. */
export const defaultBurnMultiplier = 0x1_428f_5c28_f5c2_9000n

/**
 * The registration price right after a registration.
 *
 * @param multiplier raw U64F64; below 1 counts as 1
 */
export function raiseBurn(burn: bigint, multiplier: bigint, bounds: BurnBounds): bigint {
  const factor = larger(multiplier, u64f64.one)
  return within(bounds, u64f64.floor(u64f64.mul(u64f64.fromInteger(burn), factor)))
}

function within(bounds: BurnBounds, burn: bigint): bigint {
  return smaller(larger(burn, bounds.min), bounds.max)
}
