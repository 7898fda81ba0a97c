/**
 * A `Retry-After` header: whole seconds or an HTTP date.
 *
 * @param nowMs Unix time
 * @returns milliseconds from now, 0 or more; undefined where there is none or it is neither
 * @see RFC 9110, 10.2.3
 */
export function retryAfterMs(header: string | null | undefined, nowMs: number): number | undefined {
  if (header === undefined || header === null) return undefined
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return 1_000 * Number(text)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
