import { u96f32 } from '../fixed/fixedFormat.ts'

/** TAO and alpha that enter a subnet's pool, and TAO left to buy alpha with; raw U96F32 rao, cut to u64 when booked. */
export interface SubnetTerms {
  readonly taoIn: bigint
  readonly alphaIn: bigint
  readonly excess: bigint
}

/**
 * Splits a subnet's TAO of one block: as much as the alpha cap lets into the pool at the spot price, the rest is excess.
 *
 * @param subnet.taoEmission raw U96F32 from `subnetEmissions` @param subnet.price spot, raw U96F32
 * @param subnet.rootProportion raw U96F32 @param subnet.alphaEmission `blockEmission` of its alpha, rao
 * @see facts: emission.md, 4
 */
export function subnetTerms(subnet: {
  taoEmission: bigint
  price: bigint
  rootProportion: bigint
  alphaEmission: bigint
}): SubnetTerms {
  const wanted = u96f32.safeDiv(subnet.taoEmission, subnet.price)
  const cap = u96f32.mul(subnet.rootProportion, u96f32.fromInteger(subnet.alphaEmission))
  const capped = wanted > cap
  const alphaIn = capped ? cap : wanted
  const taoIn = capped ? u96f32.mul(alphaIn, subnet.price) : subnet.taoEmission
  return { taoIn, alphaIn, excess: u96f32.sub(subnet.taoEmission, taoIn) }
}
