import { clampU64, maxU16, u96f32 } from '../fixed/fixedFormat.ts'

/** What one block adds to a subnet's four pending amounts, alpha rao. */
export interface AccruedAlpha {
  readonly ownerCut: bigint
  readonly server: bigint
  readonly validator: bigint
  /** Pending where the sum of moving prices exceeds 1, else recycled; validators are charged for it either way. */
  readonly root: bigint
}

/**
 * Splits the alpha that a subnet emits in a block.
 *
 * @param subnet.alphaOut raw U96F32 @param subnet.rootProportion raw U96F32, recomputed after the injection
 * @param subnet.ownerCut u16 fraction of 65,535, null where the cut is disabled
 * @see facts: emission.md, 5
 */
export function accrueAlpha(subnet: {
  alphaOut: bigint
  ownerCut: number | null
  rootProportion: bigint
}): AccruedAlpha {
  const ratio =
    subnet.ownerCut === null
      ? 0n
      : u96f32.safeDiv(u96f32.fromInteger(BigInt(subnet.ownerCut)), u96f32.fromInteger(maxU16))
  const half = u96f32.one >> 1n
  const cut = u96f32.mul(subnet.alphaOut, ratio)
  const out = u96f32.sub(subnet.alphaOut, cut)
  const root = u96f32.mul(u96f32.mul(subnet.rootProportion, out), half)
  const server = u96f32.mul(out, half)
  const validator = u96f32.sub(u96f32.sub(out, server), root)
  const amount = (raw: bigint): bigint => clampU64(u96f32.floor(raw))
  return { ownerCut: amount(cut), server: amount(server), validator: amount(validator), root: amount(root) }
}
