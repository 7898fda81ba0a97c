import { clampU64, maxU64, u96f32 } from '../fixed/fixedFormat.ts'

/**
 * A hotkey's stake on a subnet after what it lends to its child keys and borrows from its parents. For the inherited
 * TAO the same formula takes stakes on root and the *subnet's* parents and children.
 *
 * @param own the hotkey's pool total, rao
 * @param children proportions lent, u64 fractions of 2^64 - 1
 * @param parents proportion and stake of each parent
 * @see facts: yuma-consensus.md, 3.1
 */
export function inheritedStake(
  own: bigint,
  children: readonly { readonly proportion: bigint }[],
  parents: readonly { readonly proportion: bigint; readonly stake: bigint }[],
): bigint {
  const whole = u96f32.fromInteger(own)
  let lent = 0n
  for (const child of children) lent = u96f32.add(lent, u96f32.mul(whole, proportionOf(child.proportion)))
  let borrowed = 0n
  for (const parent of parents) {
    borrowed = u96f32.add(borrowed, u96f32.mul(u96f32.fromInteger(parent.stake), proportionOf(parent.proportion)))
  }
  return clampU64(u96f32.floor(u96f32.add(u96f32.sub(whole, lent), borrowed)))
}

/** A u64 fraction of 2^64 - 1 as raw U96F32. */
export function proportionOf(proportion: bigint): bigint {
  return u96f32.safeDiv(u96f32.fromInteger(proportion), u96f32.fromInteger(maxU64))
}
