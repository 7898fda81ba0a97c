import { mulFixed, one } from '../fixed/unitKernel.ts'
import { isAscending } from './rowOrder.ts'
import type { FixedRows } from './sparseRows.ts'

/**
 * `alpha * fresh + (1 - alpha) * old` cell by cell, each product floored. Rows come out sorted by column and hold only
 * positive entries.
 *
 * @param alpha raw I32F32 in [0, 1]; outside of it take `wideMovingAverage`
 * @see facts: yuma-consensus.md, 5.8
 */
export function movingAverage(fresh: FixedRows, old: FixedRows, alpha: number, columns: number): FixedRows {
  const kept = one - alpha
  const rows = fresh.rowStart.length - 1
  const rowStart = new Uint32Array(rows + 1)
  const column = new Uint16Array(fresh.column.length + old.column.length)
  const value = new Float64Array(fresh.column.length + old.column.length)
  let dense: Float64Array | undefined
  let size = 0
  for (let i = 0; i < rows; i++) {
    let p = fresh.rowStart[i]!
    let q = old.rowStart[i]!
    const freshEnd = fresh.rowStart[i + 1]!
    const oldEnd = old.rowStart[i + 1]!
    if (isAscending(fresh.column, p, freshEnd) && isAscending(old.column, q, oldEnd)) {
      while (p < freshEnd || q < oldEnd) {
        const freshColumn = p < freshEnd ? fresh.column[p]! : columns
        const oldColumn = q < oldEnd ? old.column[q]! : columns
        let cell = 0
        if (freshColumn <= oldColumn) cell = mulFixed(alpha, fresh.value[p++]!)
        if (oldColumn <= freshColumn) cell += mulFixed(kept, old.value[q++]!)
        if (cell > 0) {
          column[size] = Math.min(freshColumn, oldColumn)
          value[size++] = cell
        }
      }
    } else {
      dense ??= new Float64Array(columns)
      for (; p < freshEnd; p++) dense[fresh.column[p]!]! += mulFixed(alpha, fresh.value[p]!)
      for (; q < oldEnd; q++) dense[old.column[q]!]! += mulFixed(kept, old.value[q]!)
      for (let j = 0; j < columns; j++) {
        if (dense[j]! > 0) {
          column[size] = j
          value[size++] = dense[j]!
        }
      }
      dense.fill(0)
    }
    rowStart[i + 1] = size
  }
  return { rowStart, column: column.subarray(0, size), value: value.subarray(0, size) }
}

/**
 * The moving average of liquid alpha: each entry of `fresh` has a rate of its own, and only cells with an entry in
 * `fresh` survive, in its order. A weight of explicit 0 lets a bond decay; no weight at all ends it.
 *
 * @param alphas raw I32F32 in [0, 1], one for each entry of `fresh`
 * @see facts: yuma-consensus.md, 5.8
 */
export function liquidMovingAverage(
  fresh: FixedRows,
  old: FixedRows,
  alphas: Float64Array,
  columns: number,
): FixedRows {
  const rows = fresh.rowStart.length - 1
  const rowStart = new Uint32Array(rows + 1)
  const column = new Uint16Array(fresh.column.length)
  const value = new Float64Array(fresh.column.length)
  const oldRow = new Float64Array(columns)
  let size = 0
  for (let i = 0; i < rows; i++) {
    const oldEnd = old.rowStart[i + 1]!
    for (let k = old.rowStart[i]!; k < oldEnd; k++) oldRow[old.column[k]!] = old.value[k]!
    const end = fresh.rowStart[i + 1]!
    for (let k = fresh.rowStart[i]!; k < end; k++) {
      const j = fresh.column[k]!
      const alpha = alphas[k]!
      const cell = mulFixed(one - alpha, oldRow[j]!) + mulFixed(alpha, fresh.value[k]!)
      if (cell <= 0) continue
      column[size] = j
      value[size++] = Math.min(cell, one)
    }
    for (let k = old.rowStart[i]!; k < oldEnd; k++) oldRow[old.column[k]!] = 0
    rowStart[i + 1] = size
  }
  return { rowStart, column: column.subarray(0, size), value: value.subarray(0, size) }
}
