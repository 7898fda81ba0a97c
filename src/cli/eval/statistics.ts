/** A share in [0, 1] with its 95 % interval. */
export interface Share {
  readonly count: number
  readonly share: number
  readonly low: number
  readonly high: number
}

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959964

/** @see Wilson, Journal of the American Statistical Association 22 (1927) 209-212 */
export function wilson(hits: number, count: number): Share {
  if (count === 0) return { count, share: 0, low: 0, high: 1 }
  const share = hits / count
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))
  const middle = share + (z * z) / (2 * count)
  const scale = 1 + (z * z) / count
  return { count, share, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
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
