import { type Interval, wilson } from '../../base/wilson.ts'

/** A share in [0, 1] with its 95 % interval. */
export interface Share extends Interval {
  readonly count: number
  readonly share: number
}

/** How many of a number of trials were hits. */
export function shareOf(hits: number, count: number): Share {
  return { count, share: count === 0 ? 0 : hits / count, ...wilson(hits, count) }
}

/** A statement of confidence in [0, 1] and whether it came true. */
export interface Stated {
  readonly confidence: number
  readonly right: boolean
}

/** Mean squared distance of confidence and truth, in [0, 1]; 0.25 for "even odds" throughout. */
export function brier(stated: readonly Stated[]): number {
  return meanOf(stated.map(({ confidence, right }) => (confidence - Number(right)) ** 2))
}

const bins = 10

/**
 * Expected calibration error: how far, on average, the share of right answers lies from the mean confidence in each tenth
 * of the scale, in [0, 1].
 */
export function calibrationError(stated: readonly Stated[]): number {
  let error = 0
  for (let bin = 0; bin < bins; bin++) {
    const inside = stated.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === bin)
    const gap = meanOf(inside.map(({ confidence, right }) => confidence - Number(right)))
    error += (Math.abs(gap) * inside.length) / Math.max(1, stated.length)
  }
  return error
}

/** 0 for none. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
