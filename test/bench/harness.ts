/** One line of a benchmark: a figure beside a bound that was measured in the same run. */
export interface BenchCase {
  readonly case: string
  readonly value: number
  readonly unit: string
  readonly bound: number | null
  /** `value` against `bound`: more is better for rates, less for times. */
  readonly ratio: number | null
  /** What `ratio` should reach, or, for times, stay within; null for a line that is shown for comparison. */
  readonly target: number | null
  readonly ok: boolean
}

export interface BenchResult {
  readonly name: string
  readonly cases: readonly BenchCase[]
}

/** @throws RangeError for an empty list */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: the list is empty')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value below which this part of them lies, by nearest rank. @throws RangeError for an empty list */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('quantile: the list is empty')
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!
}
