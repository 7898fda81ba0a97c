import { wilson } from '../../base/wilson.ts'

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
  return wilson(good, good + bad, benefit).high
}
