import { untilAborted } from '../base/sleep.ts'
import type { MinerOptions } from './miner.ts'
import { startMiner } from './startMiner.ts'

/** Runs a miner until the signal fires, at any point of its start as well. @throws what `startMiner` throws */
export async function runMiner(options: MinerOptions, signal: AbortSignal): Promise<void> {
  const miner = await startMiner(options, signal)
  if (miner === undefined) return
  options.onServing?.(miner)
  await untilAborted(signal)
  await miner.stop()
}
