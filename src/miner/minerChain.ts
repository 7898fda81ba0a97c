import { connectChain } from '../chain/connect.ts'
import { getMetagraph, type Neuron } from '../chain/getMetagraph.ts'
import { serveAxon } from '../chain/serveAxon.ts'
import type { Signer } from '../keys/signer.ts'

export type NeuronView = Pick<Neuron, 'uid' | 'hotkey' | 'alphaStake' | 'validatorPermit' | 'axon' | 'certificate'>

/** The subnet at one block. */
export interface SubnetView {
  readonly block: number
  readonly neurons: readonly NeuronView[]
}

/** What `serve_axon_tls` takes. */
export interface AnnouncedAxon {
  readonly ip: bigint
  readonly ipType: 4 | 6
  readonly port: number
  /** Algorithm byte and public key, 33 bytes. */
  readonly certificate: Uint8Array
}

/** All that a miner needs of a chain. */
export interface MinerChain {
  /** Hash of block 0, `0x` and 64 hex digits. */
  readonly genesis: string
  /** @throws ChainError; where the chain is lost, once the connection's time-out has passed */
  read(): Promise<SubnetView>
  /** Resolves when it is in a block. @throws ChainError */
  announce(axon: AnnouncedAxon): Promise<void>
  close(): Promise<void>
}

export interface MinerChainOptions {
  readonly endpoints: readonly string[]
  readonly genesisHash?: string
  readonly netuid: number
  /** The hotkey that serves. */
  readonly signer: Signer
}

/** One round, and a short one: a miner that finds no chain says so and tries again, and may be told to stop meanwhile. */
const firstConnection = { connectRounds: 1, attemptMs: 4_000 }

/** The subtensor chain as a miner sees it. @throws ChainError `disconnected`, `wrong-chain` */
export async function openMinerChain(options: MinerChainOptions): Promise<MinerChain> {
  const { endpoints, genesisHash, netuid, signer } = options
  const chain = await connectChain({
    endpoints,
    ...firstConnection,
    ...(genesisHash === undefined ? {} : { genesisHash }),
  })
  return {
    genesis: chain.api.genesisHash.toHex(),
    read: () => getMetagraph(chain, { netuid }),
    announce: async (axon) => {
      await serveAxon(chain, { signer, netuid, ...axon })
    },
    close: () => chain.close(),
  }
}
