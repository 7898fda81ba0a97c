const firstMs = 250
const longestMs = 30_000

/**
 * Pause after so many failures in a row: drawn from the upper half of a range that doubles up to 30 s, so that callers who
 * lost the same server do not all come back at once.
 *
 * @param failures at least 1
 * @param random in [0, 1)
 */
export function retryDelayMs(failures: number, random: number): number {
  const range = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16))
  return (range / 2) * (1 + random)
}

/**
 * A `Retry-After` header: whole seconds or an HTTP date.
 *
 * @returns milliseconds from now, 0 or more; undefined where there is none or it is neither
 * @see RFC 9110, 10.2.3
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return 1_000 * Number(text)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
