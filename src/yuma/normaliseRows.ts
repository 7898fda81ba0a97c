import { divFixed } from '../fixed/unitKernel.ts'
import type { FixedRows } from './sparseRows.ts'

/*
 * Entries never disappear here, not even when they become 0. Sums are exact: rows and columns of values in [0, 1] stay
 * below 2^48 raw, those of u16 values are multiples of 2^32 below 2^64.
 */

/**
 * Divides every row by its sum, in place; rows of zeros stay.
 *
 * @see facts: yuma-consensus.md, 5.3
 */
export function normaliseRows(rows: FixedRows): FixedRows {
  const { rowStart, value } = rows
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = rowStart[i + 1]!
    let sum = 0
    for (let k = rowStart[i]!; k < end; k++) sum += value[k]!
    if (sum === 0) continue
    for (let k = rowStart[i]!; k < end; k++) value[k] = divFixed(value[k]!, sum)
  }
  return rows
}

/** Divides every column by its sum, in place; columns of zeros stay. */
export function normaliseColumns(rows: FixedRows, columns: number): FixedRows {
  const sums = new Float64Array(columns)
  const { column, value } = rows
  for (let k = 0; k < value.length; k++) sums[column[k]!]! += value[k]!
  return divideColumns(rows, sums)
}

/** Divides every column by its largest entry, in place; columns of zeros stay. */
export function upscaleColumns(rows: FixedRows, columns: number): FixedRows {
  const largest = new Float64Array(columns)
  const { column, value } = rows
  for (let k = 0; k < value.length; k++) {
    if (value[k]! > largest[column[k]!]!) largest[column[k]!] = value[k]!
  }
  return divideColumns(rows, largest)
}

function divideColumns(rows: FixedRows, divisors: Float64Array): FixedRows {
  const { column, value } = rows
  for (let k = 0; k < value.length; k++) {
    const divisor = divisors[column[k]!]!
    if (divisor !== 0) value[k] = divFixed(value[k]!, divisor)
  }
  return rows
}
