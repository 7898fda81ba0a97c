import { i32f32 } from '../fixed/fixedFormat.ts'
import type { FixedRows, SparseRows } from './sparseRows.ts'

/**
 * `movingAverage` for a rate outside [0, 1], which a bonds moving average above 1,000,000 gives (root may set one): bonds
 * then grow past 1 and past what doubles hold, so this runs in `bigint` with the chain's saturation.
 *
 * @param alpha raw I32F32
 */
export function wideMovingAverage(
  fresh: FixedRows,
  old: FixedRows,
  alpha: bigint,
  columns: number,
): SparseRows<BigInt64Array> {
  const kept = i32f32.sub(i32f32.one, alpha)
  const rows = fresh.rowStart.length - 1
  const rowStart = new Uint32Array(rows + 1)
  const column: number[] = []
  const value: bigint[] = []
  for (let i = 0; i < rows; i++) {
    const cells = new Map<number, bigint>()
    const accumulate = (from: FixedRows, factor: bigint): void => {
      for (let k = from.rowStart[i]!; k < from.rowStart[i + 1]!; k++) {
        const j = from.column[k]!
        cells.set(j, i32f32.add(cells.get(j) ?? 0n, i32f32.mul(factor, BigInt(from.value[k]!))))
      }
    }
    accumulate(fresh, alpha)
    accumulate(old, kept)
    for (let j = 0; j < columns; j++) {
      const cell = cells.get(j) ?? 0n
      if (cell <= 0n) continue
      column.push(j)
      value.push(cell)
    }
    rowStart[i + 1] = column.length
  }
  return { rowStart, column: Uint16Array.from(column), value: BigInt64Array.from(value) }
}

/** `normaliseColumns` of wide rows; the quotients are in [0, 1] again. Sums saturate, in row order. */
export function normaliseWideColumns(rows: SparseRows<BigInt64Array>, columns: number): FixedRows {
  const sums = new Array<bigint>(columns).fill(0n)
  for (let k = 0; k < rows.value.length; k++) {
    sums[rows.column[k]!] = i32f32.add(sums[rows.column[k]!]!, rows.value[k]!)
  }
  const value = Float64Array.from(rows.value, (cell, k) => Number(i32f32.safeDiv(cell, sums[rows.column[k]!]!)))
  return { rowStart: rows.rowStart, column: rows.column, value }
}
