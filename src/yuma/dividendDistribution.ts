import { u96f32 } from '../fixed/fixedFormat.ts'

/** One hotkey's stakes, read before anything is paid, and the dividend it got from the epoch; rao. */
export interface DividendRow {
  /** Its pool on the subnet. */
  readonly alphaStake: bigint
  /** Its own stake on root, not inherited. */
  readonly rootStake: bigint
  readonly dividend: bigint
}

/**
 * Splits each hotkey's dividend between its alpha and its root stakers, and shares the pending amounts in those
 * proportions.
 *
 * @param pending alpha rao; `taoWeight` is raw U96F32, see `taoWeightFraction`
 * @returns raw U96F32 rao in the rows' order: alpha for the hotkey's stakers, alpha for its root stakers
 * @see facts: emission.md, 7.2
 */
export function dividendDistribution(
  rows: readonly DividendRow[],
  pending: { validator: bigint; root: bigint; taoWeight: bigint },
): { alpha: bigint[]; root: bigint[] } {
  const rootParts = rows.map((row) => {
    const rootAlpha = u96f32.mul(u96f32.fromInteger(row.rootStake), pending.taoWeight)
    const proportion = u96f32.safeDiv(rootAlpha, u96f32.add(u96f32.fromInteger(row.alphaStake), rootAlpha))
    return u96f32.mul(u96f32.fromInteger(row.dividend), proportion)
  })
  const alphaParts = rows.map((row, i) => u96f32.sub(u96f32.fromInteger(row.dividend), rootParts[i]!))
  return { alpha: payOut(alphaParts, pending.validator), root: payOut(rootParts, pending.root) }
}

function payOut(parts: readonly bigint[], amount: bigint): bigint[] {
  const sum = parts.reduce(u96f32.add, 0n)
  const whole = u96f32.fromInteger(amount)
  return parts.map((part) => u96f32.mul(whole, u96f32.safeDiv(part, sum)))
}
