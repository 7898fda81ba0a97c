import { mulFixed } from '../fixed/unitKernel.ts'
import type { FixedRows } from './sparseRows.ts'

/**
 * Sums each column over the rows, row `i` weighted by `x[i]`; each product floors on its own.
 *
 * @see facts: yuma-consensus.md, 5.6
 */
export function weightedColumnSums(rows: FixedRows, x: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns)
  const { rowStart, column, value } = rows
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const weight = x[i]!
    if (weight === 0) continue
    const end = rowStart[i + 1]!
    for (let k = rowStart[i]!; k < end; k++) sums[column[k]!]! += mulFixed(weight, value[k]!)
  }
  return sums
}

/** Sums each row, entry in column `j` weighted by `x[j]`; each product floors on its own. */
export function weightedRowSums(rows: FixedRows, x: Float64Array): Float64Array {
  const { rowStart, column, value } = rows
  const sums = new Float64Array(rowStart.length - 1)
  for (let i = 0; i < sums.length; i++) {
    const end = rowStart[i + 1]!
    let sum = 0
    for (let k = rowStart[i]!; k < end; k++) sum += mulFixed(x[column[k]!]!, value[k]!)
    sums[i] = sum
  }
  return sums
}

/** Plain row sums. */
export function rowSums(rows: FixedRows): Float64Array {
  const { rowStart, value } = rows
  const sums = new Float64Array(rowStart.length - 1)
  for (let i = 0; i < sums.length; i++) {
    const end = rowStart[i + 1]!
    let sum = 0
    for (let k = rowStart[i]!; k < end; k++) sum += value[k]!
    sums[i] = sum
  }
  return sums
}

/** A copy with row `i` multiplied by `x[i]`. */
export function scaleRows(rows: FixedRows, x: Float64Array): FixedRows {
  const { rowStart, column } = rows
  const value = new Float64Array(rows.value.length)
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const factor = x[i]!
    if (factor === 0) continue
    const end = rowStart[i + 1]!
    for (let k = rowStart[i]!; k < end; k++) value[k] = mulFixed(rows.value[k]!, factor)
  }
  return { rowStart, column, value }
}
