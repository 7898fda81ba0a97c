import { messageOf } from '../base/errors.ts'
import { sleep } from '../base/sleep.ts'
import { ChainError } from '../chain/chainError.ts'
import type { MinerOptions } from './miner.ts'
import type { MinerChain, SubnetView } from './minerChain.ts'

export interface Reached {
  readonly chain: MinerChain
  readonly view: SubnetView
}

/** Tries until a chain answers. Only what waiting cannot heal is thrown. @returns undefined where the signal fired */
export async function reachSubnet(
  { connect, log, retryMs = 3_000 }: Pick<MinerOptions, 'connect' | 'log' | 'retryMs'>,
  signal: AbortSignal,
): Promise<Reached | undefined> {
  while (!signal.aborted) {
    let chain: MinerChain | undefined
    try {
      chain = await connect()
      const view = await chain.read()
      if (!signal.aborted) return { chain, view }
      await chain.close()
    } catch (error) {
      await chain?.close()
      if (!isPassing(error)) throw error
      log.warn({ retryMs }, messageOf(error))
      await sleep(retryMs, signal)
    }
  }
  return undefined
}

function isPassing(error: unknown): boolean {
  return error instanceof ChainError && ['disconnected', 'timeout', 'rpc'].includes(error.failure.code)
}
