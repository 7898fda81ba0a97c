import type { NamedOutput } from './namedOutput.ts'
import type { Expected } from './vectorFile.ts'

/** One place where an epoch's output is not what a file states. */
export interface Difference {
  /** Path under the file's own names, e.g. `dividends.3` or `bonds.0.2` for the bond of uid 0 in column 2. */
  readonly field: string
  readonly expected: string
  readonly got: string
}

type Cell = string | number | boolean | bigint
type Rows = readonly (readonly (readonly [number, Cell])[])[]

/**
 * Everything in which an output departs from what is stated. Fields that are not stated are not compared.
 *
 * @param tolerance absolute bound by field name (`trace.stake` for one of the trace), 0 where absent
 */
export function compareOutput(
  expected: Expected,
  out: NamedOutput,
  tolerance: Readonly<Record<string, number>>,
): Difference[] {
  const { at, approx, trace, ...fields } = expected
  const differences: Difference[] = []
  const stated: [string, unknown, unknown][] = [
    ...Object.entries(fields).map(([field, value]): [string, unknown, unknown] => [
      field,
      value,
      out[field as keyof typeof fields],
    ]),
    ...Object.entries(trace ?? {}).map(([field, value]): [string, unknown, unknown] => [
      `trace.${field}`,
      value,
      out.trace?.[field as keyof NonNullable<typeof trace>],
    ]),
  ]
  for (const [field, value, got] of stated) {
    if (value === undefined) continue
    const bound = tolerance[field] ?? 0
    if (isMatrix(field)) compareRows(field, value as Rows, got as Rows, bound, differences)
    else compareList(field, value as readonly Cell[], got as readonly Cell[], bound, differences)
  }
  for (const { field, uid, col, value } of at ?? []) {
    const path = [field, uid, ...(col === undefined ? [] : [col])].join('.')
    const got = field === 'bonds' ? cellOf(out.bonds[uid], col ?? 0) : out[field][uid]
    compareCell(path, value, got, tolerance[field] ?? 0, differences)
  }
  if (approx !== undefined) compareApprox(approx, out, differences)
  return differences
}

function isMatrix(field: string): boolean {
  return field === 'bonds' || field === 'trace.bonds' || field === 'trace.weights'
}

function compareList(
  field: string,
  expected: readonly Cell[],
  got: readonly Cell[],
  bound: number,
  differences: Difference[],
): void {
  if (expected.length !== got.length) differences.push(difference(`${field}.length`, expected.length, got.length))
  for (const [i, value] of expected.entries()) compareCell(`${field}.${i}`, value, got[i], bound, differences)
}

/** Rows must hold the same entries in the same order; explicit zeros count. */
function compareRows(field: string, expected: Rows, got: Rows, bound: number, differences: Difference[]): void {
  if (expected.length !== got.length) differences.push(difference(`${field}.length`, expected.length, got.length))
  for (const [i, row] of expected.entries()) {
    const columns = row.map(([column]) => column).join(' ')
    const gotColumns = (got[i] ?? []).map(([column]) => column).join(' ')
    if (columns !== gotColumns) differences.push(difference(`${field}.${i} columns`, columns, gotColumns))
    else
      for (const [k, [j, value]] of row.entries()) {
        compareCell(`${field}.${i}.${j}`, value, got[i]![k]![1], bound, differences)
      }
  }
}

function compareCell(
  field: string,
  expected: Cell,
  got: Cell | undefined,
  bound: number,
  differences: Difference[],
): void {
  if (got === undefined || typeof expected === 'boolean' || typeof got === 'boolean') {
    if (expected !== got) differences.push(difference(field, expected, got))
    return
  }
  const gap = BigInt(expected) - BigInt(got)
  if (gap > bound || -gap > bound) differences.push(difference(field, expected, got))
}

/** `approx` states proportions of 65,535: dividends, and bonds of the first uids from a column on. */
function compareApprox(approx: NonNullable<Expected['approx']>, out: NamedOutput, differences: Difference[]): void {
  const check = (field: string, proportion: number, got: number): void => {
    if (Math.abs(got / 65535 - proportion) > approx.tolerance) {
      differences.push(difference(`approx.${field}`, proportion, got / 65535))
    }
  }
  for (const [i, proportion] of (approx.dividends_proportion ?? []).entries()) {
    check(`dividends.${i}`, proportion, out.dividends[i] ?? Number.NaN)
  }
  for (const [i, row] of (approx.bonds_proportion ?? []).entries()) {
    for (const [k, proportion] of row.entries()) {
      const j = approx.first_column + k
      check(`bonds.${i}.${j}`, proportion, cellOf(out.bonds[i], j))
    }
  }
}

/** An entry that is absent from its row counts as 0. */
function cellOf(row: readonly (readonly [number, number])[] | undefined, column: number): number {
  return row?.find(([j]) => j === column)?.[1] ?? 0
}

function difference(field: string, expected: Cell, got: Cell | undefined): Difference {
  return { field, expected: String(expected), got: String(got) }
}
