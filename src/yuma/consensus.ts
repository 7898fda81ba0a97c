import type { FixedRows } from './sparseRows.ts'
import { normalise, sumOf } from './vector.ts'

/**
 * Weighted median by repeated partition: the largest score with at most `minority` stake strictly below it. Reorders
 * `score` and `stake` between `from` and `to`.
 *
 * @param lo, hi stake below and up to the end of the part searched; 0 and the sum for all of it
 * @see facts: yuma-consensus.md, 5.4
 */
export function weightedMedian(
  score: Float64Array,
  stake: Float64Array,
  range: { from: number; to: number; lo: number; hi: number },
  minority: number,
): number {
  let { from, to, lo, hi } = range
  while (to - from > 1) {
    const pivot = score[from + ((to - from) >> 1)]!
    let low = from
    let high = to
    let lowStake = 0
    let highStake = 0
    for (let k = from; k < high; ) {
      const value = score[k]!
      if (value < pivot) {
        lowStake += stake[k]!
        swap(score, stake, k++, low++)
      } else if (value > pivot) {
        highStake += stake[k]!
        swap(score, stake, k, --high)
      } else k++
    }
    if (minority < lo + lowStake && low > from) {
      hi = lo + lowStake
      to = low
    } else if (hi - highStake <= minority && high < to) {
      lo = hi - highStake
      from = high
    } else return pivot
  }
  return to === from ? 0 : score[from]!
}

function swap(score: Float64Array, stake: Float64Array, a: number, b: number): void {
  const s = score[a]!
  score[a] = score[b]!
  score[b] = s
  const u = stake[a]!
  stake[a] = stake[b]!
  stake[b] = u
}

/** The stored weights of all rows with stake, by column. */
interface Columns {
  /** Length columns + 1; entries of column j lie at `start[j]` to `end[j] - 1`. */
  readonly start: Uint32Array
  readonly end: Uint32Array
  readonly score: Float64Array
  readonly stake: Float64Array
}

/**
 * Step 6a: the stake-weighted median of every column over the rows with stake; a row without an entry scores 0.
 *
 * Columns that more than the minority scores 0 are 0 without a search, so the cost follows the number of weights.
 *
 * @param activeStake raw I32F32 by uid @param majority raw I32F32, `ratioU16(kappa)`
 * @see facts: yuma-consensus.md, 5.4 and 4 step 6
 */
export function consensusOf(
  weights: FixedRows,
  activeStake: Float64Array,
  majority: number,
  columns: number,
): Float64Array {
  const stake = normalise(activeStake.slice())
  const voters = stake.reduce((count, share) => (share > 0 ? count + 1 : count), 0)
  const consensus = new Float64Array(columns)
  if (voters === 0) return consensus
  const total = sumOf(stake)
  const minority = total - majority
  const entries = byColumn(weights, stake, columns)
  for (let j = 0; j < columns; j++) {
    const from = entries.start[j]!
    let to = entries.end[j]!
    let below = total
    for (let k = from; k < to; ) {
      if (entries.score[k]! > 0) below -= entries.stake[k++]!
      else swap(entries.score, entries.stake, k, --to)
    }
    if (to - from < voters && minority < below) continue
    consensus[j] = weightedMedian(entries.score, entries.stake, { from, to, lo: below, hi: total }, minority)
  }
  return consensus
}

function byColumn(weights: FixedRows, stake: Float64Array, columns: number): Columns {
  const { rowStart, column, value } = weights
  const start = new Uint32Array(columns + 1)
  for (let i = 0; i + 1 < rowStart.length; i++) {
    if (stake[i] === 0) continue
    const rowEnd = rowStart[i + 1]!
    for (let k = rowStart[i]!; k < rowEnd; k++) start[column[k]! + 1]!++
  }
  for (let j = 0; j < columns; j++) start[j + 1]! += start[j]!
  const end = start.slice(0, columns)
  const score = new Float64Array(start[columns]!)
  const scoreStake = new Float64Array(start[columns]!)
  const lastRow = new Int32Array(columns).fill(-1)
  for (let i = 0; i + 1 < rowStart.length; i++) {
    if (stake[i] === 0) continue
    const rowEnd = rowStart[i + 1]!
    for (let k = rowStart[i]!; k < rowEnd; k++) {
      const j = column[k]!
      // Of two entries of a row in one column the last one counts.
      const at = lastRow[j] === i ? end[j]! - 1 : end[j]!++
      lastRow[j] = i
      score[at] = value[k]!
      scoreStake[at] = stake[i]!
    }
  }
  return { start, end, score, stake: scoreStake }
}

/**
 * Step 6b: caps every weight at the consensus of its column. Entries of a column without consensus are removed, unless
 * they are 0 themselves.
 *
 * @see facts: yuma-consensus.md, 5.5
 */
export function clipToConsensus(weights: FixedRows, consensus: Float64Array): FixedRows {
  const rowStart = new Uint32Array(weights.rowStart.length)
  const column = new Uint16Array(weights.column.length)
  const value = new Float64Array(weights.value.length)
  let kept = 0
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = weights.rowStart[i + 1]!
    for (let k = weights.rowStart[i]!; k < end; k++) {
      const j = weights.column[k]!
      const cap = consensus[j]!
      const weight = weights.value[k]!
      if (cap === 0 && weight > 0) continue
      column[kept] = j
      value[kept] = Math.min(weight, cap)
      kept++
    }
    rowStart[i + 1] = kept
  }
  return { rowStart, column: column.subarray(0, kept), value: value.subarray(0, kept) }
}
