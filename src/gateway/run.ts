import type { Log } from '../base/log.ts'
import { untilAborted } from '../base/sleep.ts'
import type { Chain } from '../chain/connect.ts'
import { getMetagraph } from '../chain/getMetagraph.ts'
import type { Signer } from '../keys/signer.ts'
import { type Gateway, startGateway } from './startGateway.ts'

export interface RunOptions {
  readonly chain: Chain
  readonly signer: Signer
  readonly netuid: number
  readonly host: string
  readonly port: number
  readonly statusPort?: number
  readonly log: Log
  /** Ends the run. */
  readonly stop: AbortSignal
  readonly onStarted?: (gateway: Gateway) => void
}

/** The gateway as a program: starts it over a chain, and stays until told to stop. @throws what `startGateway` throws */
export async function run(options: RunOptions): Promise<void> {
  const { chain, netuid, stop, onStarted, ...rest } = options
  const gateway = await startGateway({
    ...rest,
    netuid,
    genesis: chain.api.genesisHash.toHex(),
    readNeurons: async () => (await getMetagraph(chain, { netuid })).neurons,
  })
  onStarted?.(gateway)
  await untilAborted(stop)
  await gateway.close()
}
