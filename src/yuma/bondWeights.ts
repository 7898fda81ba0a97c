import { mulFixed, one } from '../fixed/unitKernel.ts'
import { isAscending } from './rowOrder.ts'
import type { FixedRows } from './sparseRows.ts'

/**
 * Step 7: the weights that bonds are bought with, between the plain (`a`, ratio 0) and the clipped ones (`b`, ratio 1).
 * In between, cells are combined one by one: rows come out sorted by column and hold only positive entries.
 *
 * @param ratio raw I32F32, `ratioU16(bonds_penalty)`
 * @see facts: yuma-consensus.md, 5.7
 */
export function interpolateRows(a: FixedRows, b: FixedRows, ratio: number, columns: number): FixedRows {
  if (ratio === 0) return a
  if (ratio === one) return b
  const rows = a.rowStart.length - 1
  const rowStart = new Uint32Array(rows + 1)
  const column = new Uint16Array(a.column.length + b.column.length)
  const value = new Float64Array(a.column.length + b.column.length)
  let kept = 0
  const emit = (j: number, from: number, to: number): void => {
    // A negative difference floors, away from zero.
    const between = from + mulFixed(ratio, to - from)
    if (between <= 0) return
    column[kept] = j
    value[kept++] = between
  }
  let dense: { a: Float64Array; b: Float64Array } | undefined
  for (let i = 0; i < rows; i++) {
    let p = a.rowStart[i]!
    let q = b.rowStart[i]!
    const aEnd = a.rowStart[i + 1]!
    const bEnd = b.rowStart[i + 1]!
    if (isAscending(a.column, p, aEnd) && isAscending(b.column, q, bEnd)) {
      while (p < aEnd || q < bEnd) {
        const aColumn = p < aEnd ? a.column[p]! : columns
        const bColumn = q < bEnd ? b.column[q]! : columns
        const j = Math.min(aColumn, bColumn)
        emit(j, aColumn === j ? a.value[p++]! : 0, bColumn === j ? b.value[q++]! : 0)
      }
    } else {
      dense ??= { a: new Float64Array(columns), b: new Float64Array(columns) }
      for (let k = p; k < aEnd; k++) dense.a[a.column[k]!] = a.value[k]!
      for (let k = q; k < bEnd; k++) dense.b[b.column[k]!] = b.value[k]!
      for (let j = 0; j < columns; j++) emit(j, dense.a[j]!, dense.b[j]!)
      dense.a.fill(0)
      dense.b.fill(0)
    }
    rowStart[i + 1] = kept
  }
  return { rowStart, column: column.subarray(0, kept), value: value.subarray(0, kept) }
}
