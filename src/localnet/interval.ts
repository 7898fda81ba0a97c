/** When blocks are made: at a set pace, one for each arriving batch of extrinsics, or only when asked. */
export type BlockInterval =
  | { readonly kind: 'every'; readonly ms: number }
  | { readonly kind: 'instant' }
  | { readonly kind: 'manual' }

const longestMs = 24 * 3_600_000

/** Reads `250ms`, `12s`, `instant` or `manual`; `undefined` for anything else. A time is 1 ms to a day. */
export function parseInterval(text: string): BlockInterval | undefined {
  if (text === 'instant' || text === 'manual') return { kind: text }
  const [, digits, unit] = /^(\d{1,8})(ms|s)$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const ms = Number(digits) * (unit === 's' ? 1_000 : 1)
  return ms >= 1 && ms <= longestMs ? { kind: 'every', ms } : undefined
}

export function formatInterval(interval: BlockInterval): string {
  if (interval.kind !== 'every') return interval.kind
  return interval.ms % 1_000 === 0 ? `${interval.ms / 1_000}s` : `${interval.ms}ms`
}
