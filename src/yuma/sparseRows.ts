import { InputError } from '../base/errors.ts'

/**
 * A sparse matrix in compressed rows: the entries of row `i` lie at `rowStart[i]` to `rowStart[i + 1] - 1` of `column`
 * and `value`. Order within a row carries meaning and explicit zeros stay, as in the chain's own row lists.
 */
export interface SparseRows<Values> {
  /** Length rows + 1. */
  readonly rowStart: Uint32Array
  /** uid of the target. */
  readonly column: Uint16Array
  readonly value: Values
}

/** Entries are raw I32F32 held as integers in doubles, see `fixed/unitKernel.ts`. */
export type FixedRows = SparseRows<Float64Array>

/**
 * Packs row lists, such as decoded `Weights` or `Bonds`, keeping their order. Entries with a column of `n` or above are
 * dropped, as the chain does; rows beyond `n` too; missing rows are empty.
 *
 * @param rows `[uid, u16]` pairs by setter uid
 * @throws InputError where a column or value is not a u16
 */
export function packRows(rows: ArrayLike<Iterable<readonly [number, number]>>, n: number): SparseRows<Uint16Array> {
  const rowStart = new Uint32Array(n + 1)
  const columns: number[] = []
  const values: number[] = []
  for (let i = 0; i < n; i++) {
    for (const [column, value] of rows[i] ?? []) {
      if (!isU16(column) || !isU16(value)) throw new InputError(`row ${i}`, [column, value], 'entries are pairs of u16')
      if (column >= n) continue
      columns.push(column)
      values.push(value)
    }
    rowStart[i + 1] = columns.length
  }
  return { rowStart, column: Uint16Array.from(columns), value: Uint16Array.from(values) }
}

/** The entries of every row as `[column, value]` pairs, for storage or printing. */
export function unpackRows<T>(rows: SparseRows<ArrayLike<T>>): [number, T][][] {
  return Array.from({ length: rows.rowStart.length - 1 }, (_, i) => {
    const start = rows.rowStart[i]!
    return Array.from({ length: rows.rowStart[i + 1]! - start }, (_, k): [number, T] => [
      rows.column[start + k]!,
      rows.value[start + k]!,
    ])
  })
}

function isU16(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff
}
