import type { SparseRows } from '../../src/yuma/sparseRows.ts'

// The row steps of src/yuma in ordinary doubles, for floatEpoch.ts.

export type Rows = SparseRows<Float64Array>

export function keep(rows: SparseRows<Uint16Array>, keeps: (i: number, j: number) => boolean): Rows {
  const rowStart = new Uint32Array(rows.rowStart.length)
  const column = new Uint16Array(rows.column.length)
  const value = new Float64Array(rows.column.length)
  let kept = 0
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = rows.rowStart[i + 1]!
    for (let k = rows.rowStart[i]!; k < end; k++) {
      const j = rows.column[k]!
      if (!keeps(i, j)) continue
      column[kept] = j
      value[kept++] = rows.value[k]!
    }
    rowStart[i + 1] = kept
  }
  return { rowStart, column: column.subarray(0, kept), value: value.subarray(0, kept) }
}

export function normaliseRows(rows: Rows): Rows {
  const { rowStart, value } = rows
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = rowStart[i + 1]!
    let sum = 0
    for (let k = rowStart[i]!; k < end; k++) sum += value[k]!
    if (sum === 0) continue
    for (let k = rowStart[i]!; k < end; k++) value[k]! /= sum
  }
  return rows
}

export function clip(rows: Rows, consensus: Float64Array): Rows {
  const rowStart = new Uint32Array(rows.rowStart.length)
  const column = new Uint16Array(rows.column.length)
  const value = new Float64Array(rows.value.length)
  let kept = 0
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = rows.rowStart[i + 1]!
    for (let k = rows.rowStart[i]!; k < end; k++) {
      const cap = consensus[rows.column[k]!]!
      const weight = rows.value[k]!
      if (cap === 0 && weight > 0) continue
      column[kept] = rows.column[k]!
      value[kept++] = Math.min(weight, cap)
    }
    rowStart[i + 1] = kept
  }
  return { rowStart, column: column.subarray(0, kept), value: value.subarray(0, kept) }
}

/** Row `i` weighted by `x[i]`, or not at all. */
export function columnSums(rows: Rows, x: Float64Array | undefined, columns: number): Float64Array {
  const sums = new Float64Array(columns)
  const { rowStart, column, value } = rows
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const weight = x === undefined ? 1 : x[i]!
    if (weight === 0) continue
    const end = rowStart[i + 1]!
    for (let k = rowStart[i]!; k < end; k++) sums[column[k]!]! += weight * value[k]!
  }
  return sums
}

export function divideColumns({ column, value }: Rows, divisors: Float64Array): void {
  for (let k = 0; k < value.length; k++) {
    const divisor = divisors[column[k]!]!
    if (divisor !== 0) value[k]! /= divisor
  }
}

/** Only the two ends, 0 and 1, between which the default lies; anything between would be one more merge of rows. */
export function interpolate(a: Rows, b: Rows, ratio: number): Rows {
  if (ratio !== 0 && ratio !== 1) throw new Error('the benchmark measures bonds penalties of 0 and 1')
  return ratio === 0 ? a : b
}

export function sumOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

export function normalise(values: Float64Array): Float64Array {
  const sum = sumOf(values)
  if (sum !== 0) for (let i = 0; i < values.length; i++) values[i]! /= sum
  return values
}
