/** Bounds of a proportion in [0, 1]. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** The standard normal's 97.5th percentile: 95 % on both sides. */
const both95 = 1.959963984540054

/**
 * Wilson's interval, sound for few trials and shares near 0 and 1; all of [0, 1] for none.
 *
 * @param successes need not be whole: old ones may have faded
 * @param z standard errors to each side; default: 95 % lie between
 * @see Wilson, Journal of the American Statistical Association 22 (1927) 209-212
 */
export function wilson(successes: number, trials: number, z = both95): Interval {
  if (trials === 0) return { low: 0, high: 1 }
  const share = successes / trials
  const scale = 1 + z ** 2 / trials
  const centre = (share + z ** 2 / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
