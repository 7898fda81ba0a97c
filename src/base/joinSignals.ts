import { setMaxListeners } from 'node:events'

/**
 * One signal that fires when any of several does, or at a deadline. Not AbortSignal.any, nor AbortSignal.timeout: what the
 * first makes lives as long as the longest-lived of its sources.
 *
 * @param lateMs from now; none: no deadline
 * @returns `release` must be called at the end; nothing stays at the sources then
 */
export function joinSignals(
  signals: readonly (AbortSignal | undefined)[],
  lateMs?: number,
): { readonly signal: AbortSignal; isLate(): boolean; release(): void } {
  const joined = new AbortController()
  let isLate = false
  const late = (): void => {
    isLate = !joined.signal.aborted
    joined.abort(new Error(`no whole answer within ${lateMs} ms`))
  }
  const timer = lateMs === undefined ? undefined : setTimeout(late, Math.min(lateMs, longestTimerMs))
  const listeners = signals.flatMap((source) => {
    if (source === undefined) return []
    const end = (): void => joined.abort(source.reason)
    // Many wait at once on one that lives long; Node would call it a leak from the eleventh on.
    setMaxListeners(0, source)
    source.addEventListener('abort', end)
    if (source.aborted) end()
    return [() => source.removeEventListener('abort', end)]
  })
  return {
    signal: joined.signal,
    isLate: () => isLate,
    release: () => {
      clearTimeout(timer)
      for (const remove of listeners) remove()
    },
  }
}

/** Node's timers fire at once where more is asked of them. */
const longestTimerMs = 2 ** 31 - 1
