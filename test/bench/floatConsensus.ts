import { weightedMedian } from '../../src/yuma/consensus.ts'
import { normalise, type Rows, sumOf } from './floatRows.ts'

/** `consensusOf` of src/yuma in ordinary doubles; the median's partitions hold no arithmetic of the chain and are shared. */
export function floatConsensus(
  weights: Rows,
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
  const { rowStart, column, value } = weights
  const start = new Uint32Array(columns + 1)
  for (let i = 0; i + 1 < rowStart.length; i++) {
    if (stake[i] === 0) continue
    for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) start[column[k]! + 1]!++
  }
  for (let j = 0; j < columns; j++) start[j + 1]! += start[j]!
  const end = start.slice(0, columns)
  const score = new Float64Array(start[columns]!)
  const scoreStake = new Float64Array(start[columns]!)
  for (let i = 0; i + 1 < rowStart.length; i++) {
    if (stake[i] === 0) continue
    for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
      const at = end[column[k]!]!++
      score[at] = value[k]!
      scoreStake[at] = stake[i]!
    }
  }
  for (let j = 0; j < columns; j++) {
    const from = start[j]!
    let to = end[j]!
    let below = total
    for (let k = from; k < to; ) {
      if (score[k]! > 0) below -= scoreStake[k++]!
      else {
        to--
        score[k] = score[to]!
        scoreStake[k] = scoreStake[to]!
      }
    }
    if (to - from < voters && minority < below) continue
    consensus[j] = weightedMedian(score, scoreStake, { from, to, lo: below, hi: total }, minority)
  }
  return consensus
}
