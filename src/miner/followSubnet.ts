import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { sleep } from '../base/sleep.ts'
import type { MinerChain, SubnetView } from './minerChain.ts'

export interface FollowOptions {
  readonly chain: Pick<MinerChain, 'read'>
  /** What is known at the start; `onView` hears of it first. */
  readonly first: SubnetView
  readonly everyMs: number
  readonly log: Log
  /** Hears of each view. */
  readonly onView: (view: SubnetView) => void
  readonly signal: AbortSignal
}

/** Between two looks that were asked for, so that strangers cannot make the miner flood its node. */
const soonestMs = 1_000

/**
 * Reads the subnet again and again until the signal fires. A chain that does not answer is logged once, and once more when
 * it is back; in between the last view stands.
 */
export function followSubnet(options: FollowOptions): { readonly done: Promise<void>; lookSoon(): void } {
  const { chain, first, everyMs, log, onView, signal } = options
  let waking = new AbortController()
  // Not AbortSignal.any: whatever it makes is remembered as long as the miner runs.
  signal.addEventListener('abort', () => waking.abort(), { once: true })
  const run = async (): Promise<void> => {
    let lost = false
    onView(first)
    while (true) {
      const wake = waking.signal
      await sleep(Math.min(soonestMs, everyMs), signal)
      if (!signal.aborted) await sleep(everyMs - soonestMs, wake)
      if (signal.aborted) return
      waking = new AbortController()
      try {
        const view = await chain.read()
        if (lost) log.info({ block: view.block }, 'the chain answers again')
        lost = false
        if (!signal.aborted) onView(view)
      } catch (error) {
        if (!lost && !signal.aborted) log.warn(`the chain is lost, serving goes on: ${messageOf(error)}`)
        lost = true
      }
    }
  }
  return { done: run(), lookSoon: () => waking.abort() }
}
