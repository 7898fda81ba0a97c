import { backoffMs } from '../base/backoffMs.ts'
import { messageOf } from '../base/errors.ts'
import { sleep } from '../base/sleep.ts'
import { checkUpstream } from './checkUpstream.ts'
import { type CircuitState, tripsOf } from './circuit.ts'
import { EngineError } from './engineError.ts'
import type { Upstream } from './upstream.ts'

export interface WatchOptions {
  readonly upstreams: readonly Upstream[]
  readonly model: string
  /** Between two looks at a server that is well; one that is not is looked at as `backoffMs` says. */
  readonly everyMs: number
  readonly signal: AbortSignal
  /** Hears of each server that is lost or found again. */
  readonly onNote: (line: string) => void
}

/** Often enough to see a circuit that a request has opened soon after. */
const tickMs = 250

/** Looks after each server until the signal fires: see `circuit.ts`. Resolves when all looking has ended. */
export async function watchUpstreams(options: WatchOptions): Promise<void> {
  await Promise.all(options.upstreams.map((upstream) => watch(upstream, options)))
}

async function watch(upstream: Upstream, { model, everyMs, signal, onNote }: WatchOptions): Promise<void> {
  let wasOpen = upstream.circuit().name === 'open'
  let last = performance.now()
  let known = upstream.circuit()
  let waitMs = pauseAfter(known, everyMs)
  while (!signal.aborted) {
    await sleep(Math.min(tickMs, everyMs), signal)
    const state = upstream.circuit()
    if (state !== known) {
      known = state
      const isOpen = state.name === 'open'
      waitMs = pauseAfter(state, everyMs)
      if (isOpen) last = performance.now()
      if (isOpen && !wasOpen) onNote(`${upstream.url} is not asked for now: it failed`)
      if (state.name === 'closed' && wasOpen) onNote(`${upstream.url} answers again`)
      // Half-open is on the way to either.
      if (state.name !== 'half-open') wasOpen = isOpen
    }
    if (signal.aborted || performance.now() - last < waitMs) continue
    last = performance.now()
    try {
      await checkUpstream(upstream, model, signal)
      upstream.note('well')
    } catch (error) {
      if (signal.aborted) return
      // Asked for too often says nothing of how it is.
      if (error instanceof EngineError && error.failure.code === 'upstream' && error.failure.status === 429) continue
      if (upstream.circuit().name !== 'open') {
        onNote(`${upstream.url} is not asked for now: ${messageOf(error)}`)
        wasOpen = true
      }
      upstream.note('ill')
    }
  }
}

function pauseAfter(state: CircuitState, everyMs: number): number {
  return state.name === 'open' ? backoffMs(tripsOf(state), Math.random()) : everyMs
}
