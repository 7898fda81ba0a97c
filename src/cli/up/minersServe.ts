import { sleep } from '../../base/sleep.ts'
import type { Chain } from '../../chain/connect.ts'
import { getMetagraph } from '../../chain/getMetagraph.ts'

export interface MinersServeOptions {
  readonly netuid: number
  readonly hotkeys: readonly string[]
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const everyMs = 250

/** Waits until each of the hotkeys has announced an axon on chain. @returns false where the time was over before */
export async function minersServe(
  chain: Chain,
  { netuid, hotkeys, timeoutMs, signal }: MinersServeOptions,
): Promise<boolean> {
  const endMs = performance.now() + timeoutMs
  while (!signal.aborted && performance.now() < endMs) {
    const { neurons } = await getMetagraph(chain, { netuid })
    const serving = new Set(neurons.flatMap(({ hotkey, axon }): string[] => (axon === undefined ? [] : [hotkey])))
    if (hotkeys.every((hotkey) => serving.has(hotkey))) return true
    await sleep(everyMs, signal)
  }
  return false
}
