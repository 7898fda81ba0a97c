/** 21 million tokens in rao: the cap of TAO, and the same curve for each subnet's alpha. */
export const maxIssuance = 21_000_000_000_000_000n
const firstEmission = 1_000_000_000n

/**
 * Rao emitted per block at an issuance: one token, halved at each halving of what is left to issue. For TAO the issuance
 * is the pallet's total issuance, for a subnet `SubnetAlphaIn + SubnetAlphaOut`.
 *
 * The chain computes this through an I96F32 log2; this integer form equals it at and around every step.
 *
 * @see facts: emission.md, 2
 */
export function blockEmission(issuance: bigint): bigint {
  if (issuance >= maxIssuance) return 0n
  let halvings = 0n
  while (issuance >= maxIssuance - (maxIssuance >> (halvings + 1n))) halvings++
  return firstEmission >> halvings
}
