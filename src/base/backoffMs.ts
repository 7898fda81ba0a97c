const firstMs = 250
const longestMs = 30_000

/**
 * Pause before attempt `failures` + 1: drawn from the upper half of a range that doubles with each failure up to 30 s, so
 * that callers who lost the same peer do not all come back at once.
 *
 * @param failures at least 1
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, random: number): number {
  const range = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16))
  return (range / 2) * (1 + random)
}
