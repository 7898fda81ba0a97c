import { convertFixed, i96f32, smaller, u64f64, u96f32 } from '../fixed/fixedFormat.ts'

/** One emitting subnet, as `subnetEmissions` reads it. */
export interface SubnetShare {
  /** Raw I96F32 as stored; `i96f32.one` for a stable-mechanism subnet. */
  readonly movingPrice: bigint
  /** Raw U96F32: share of the last tempo's miner emission that was withheld. */
  readonly minerBurned: bigint
  /** The emission switch. */
  readonly enabled: boolean
}

/**
 * TAO of one block for each emitting subnet: by moving price, reduced by what its miners' emission was withheld, and
 * shared among the switched-on ones only where any is off.
 *
 * @param emission TAO of the block, rao
 * @returns raw U96F32 rao, in the order given
 * @see facts: emission.md, 3
 */
export function subnetEmissions(subnets: readonly SubnetShare[], emission: bigint): bigint[] {
  const prices = subnets.map((subnet) => convertFixed(subnet.movingPrice, i96f32, u64f64))
  const priceShares = shareOut(prices)
  const earned = subnets.map((subnet, i) => {
    const burned = convertFixed(subnet.minerBurned, u96f32, u64f64)
    const kept = u64f64.one - smaller(burned, u64f64.one)
    return u64f64.mul(priceShares[i]!, kept)
  })
  let shares = earned.some((share) => share > 0n) ? shareOut(earned) : priceShares
  if (subnets.some((subnet) => !subnet.enabled)) {
    shares = shareOut(shares.map((share, i) => (subnets[i]!.enabled ? share : 0n)))
  }
  const total = u64f64.fromInteger(emission)
  return shares.map((share) => convertFixed(u64f64.mul(total, share), u64f64, u96f32))
}

function shareOut(values: readonly bigint[]): bigint[] {
  const sum = values.reduce(u64f64.add, 0n)
  return values.map((value) => u64f64.safeDiv(value, sum))
}
