import { maxU64, u96f32 } from '../fixed/fixedFormat.ts'

/** The global tao weight, a u64 fraction of 2^64 - 1, as raw U96F32. */
export function taoWeightFraction(taoWeight: bigint): bigint {
  return u96f32.safeDiv(u96f32.fromInteger(taoWeight), u96f32.fromInteger(maxU64))
}

/**
 * The part of a subnet's stake that weighted root TAO makes up.
 *
 * @param state.rootTao TAO of netuid 0, rao @param state.taoWeight u64 as stored
 * @param state.alphaIssuance `SubnetAlphaIn + SubnetAlphaOut`, rao
 * @returns raw U96F32 in [0, 1], 0 where there is nothing at all
 * @see facts: emission.md, 4
 */
export function rootProportion(state: { rootTao: bigint; taoWeight: bigint; alphaIssuance: bigint }): bigint {
  const weighted = u96f32.mul(u96f32.fromInteger(state.rootTao), taoWeightFraction(state.taoWeight))
  return u96f32.safeDiv(weighted, u96f32.add(weighted, u96f32.fromInteger(state.alphaIssuance)))
}
