import { logistic } from '../fixed/expKernel.ts'
import { mulFixed, one, ratioU16 } from '../fixed/unitKernel.ts'
import type { EpochInput } from './epochInput.ts'
import type { FixedRows } from './sparseRows.ts'

/** Bounds and slope of the rate at which a bond follows its weight; raw I32F32. */
export interface AlphaCurve {
  readonly low: number
  readonly high: number
  /** `steepness / -100`, towards zero: below 2^41 in size for an i16. */
  readonly slope: number
}

export function alphaCurveOf(input: Pick<EpochInput, 'alphaLow' | 'alphaHigh' | 'alphaSigmoidSteepness'>): AlphaCurve {
  return {
    low: ratioU16(input.alphaLow),
    high: ratioU16(input.alphaHigh),
    // Numerator below 2^47: the truncated double quotient is exact.
    slope: Math.trunc((input.alphaSigmoidSteepness * one) / -100),
  }
}

/**
 * The rate for one cell: a logistic step in how far the weight is above consensus (buying) or below the bond (selling).
 *
 * @param consensus, weight, bond raw I32F32 in [0, 2^40]
 * @see facts: yuma-consensus.md, 5.10
 */
export function alphaOf(curve: AlphaCurve, consensus: number, weight: number, bond: number): number {
  const gap = weight >= bond ? weight - consensus : bond - weight
  const clamped = Math.max(0, Math.min(gap, one))
  const step = logistic(mulFixed(curve.slope, clamped - one / 2))
  const alpha = curve.low + mulFixed(step, curve.high - curve.low)
  return Math.max(curve.low, Math.min(alpha, curve.high))
}

/**
 * The rate for every entry of `weights`.
 *
 * The chain reads weight and bond of column 0, 1, … with a cursor over each row that only moves forward. Such a cursor
 * meets exactly the entries whose column exceeds all before it in their row; any other entry is read as 0.
 *
 * @returns raw I32F32, one for each entry of `weights`
 */
export function liquidAlphas(
  weights: FixedRows,
  bonds: FixedRows,
  consensus: Float64Array,
  curve: AlphaCurve,
): Float64Array {
  const alphas = new Float64Array(weights.value.length)
  const bondRow = new Float64Array(consensus.length)
  for (let i = 0; i + 1 < weights.rowStart.length; i++) {
    const bondsEnd = bonds.rowStart[i + 1]!
    let furthest = -1
    for (let k = bonds.rowStart[i]!; k < bondsEnd; k++) {
      const j = bonds.column[k]!
      if (j <= furthest) continue
      furthest = j
      bondRow[j] = bonds.value[k]!
    }
    furthest = -1
    const end = weights.rowStart[i + 1]!
    for (let k = weights.rowStart[i]!; k < end; k++) {
      const j = weights.column[k]!
      const seen = j > furthest
      if (seen) furthest = j
      alphas[k] = alphaOf(curve, consensus[j]!, seen ? weights.value[k]! : 0, bondRow[j]!)
    }
    for (let k = bonds.rowStart[i]!; k < bondsEnd; k++) bondRow[bonds.column[k]!] = 0
  }
  return alphas
}
