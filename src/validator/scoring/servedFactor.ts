/** App builders' asks of one miner: how many it answered, and how many not. Old ones fade. */
export interface ServedCount {
  readonly good: number
  readonly bad: number
}

/** From so many on, each further ask lets the others fade. */
export const servedWindow = 200
/** Standard errors that a miner is given the benefit of. */
const benefit = 1.28

export function addServed({ good, bad }: ServedCount, isGood: boolean): ServedCount {
  const keep = Math.min(1, (servedWindow - 1) / (good + bad || 1))
  return { good: good * keep + (isGood ? 1 : 0), bad: bad * keep + (isGood ? 0 : 1) }
}

/**
 * What real traffic leaves of a miner's score, in [0, 1]: the upper end of Wilson's interval for the share of app
 * builders' asks that it answered, so that a few failures among few asks cost little. 1 where there were none.
 */
export function servedFactor({ good, bad }: ServedCount): number {
  const n = good + bad
  if (n === 0) return 1
  const p = good / n
  const z2 = benefit ** 2
  const middle = p + z2 / (2 * n)
  const half = benefit * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))
  return Math.min(1, (middle + half) / (1 + z2 / n))
}
