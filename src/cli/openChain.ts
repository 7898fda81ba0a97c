import { readChainSpec } from '../base/chainSpec.ts'
import { InputError } from '../base/errors.ts'
import type { Chain } from '../chain/connect.ts'

export interface ChainPlace {
  readonly 'subtensor.network': string
  readonly 'subtensor.chain_endpoint': string | undefined
}

/** Where a chain is: its nodes, tried in turn, and its genesis where that is known beforehand. */
export interface ChainAddress {
  readonly endpoints: readonly string[]
  readonly genesisHash?: string
}

/**
 * What the flags say about the chain to use: `--subtensor.chain_endpoint`, else `--subtensor.network`. The genesis is
 * only held to a network's own where the network was named and not overridden.
 *
 * @throws InputError for a network of another name and an endpoint that is no WebSocket address
 */
export function chainAddress(place: ChainPlace): ChainAddress {
  const network = place['subtensor.network']
  const given = place['subtensor.chain_endpoint']
  if (given !== undefined) return { endpoints: endpointsIn('--subtensor.chain_endpoint', given) }
  if (network === 'local' || network === 'localnet') return { endpoints: readChainSpec('localnet').endpoints }
  if (network === 'test' || network === 'finney') {
    const { endpoints, genesisHash } = readChainSpec(network)
    return { endpoints, genesisHash }
  }
  if (network.includes('://')) return { endpoints: endpointsIn('--subtensor.network', network) }
  throw new InputError('--subtensor.network', network, 'give local, test, finney or a ws:// or wss:// address')
}

/** Connects to the chain that the flags name. @polkadot/api is loaded here and not before. */
export async function openChain(place: ChainPlace): Promise<Chain> {
  const address = chainAddress(place)
  const { connectChain } = await import('../chain/connect.ts')
  // Somebody is waiting at a prompt: two rounds over the endpoints say enough.
  return await connectChain({ ...address, connectRounds: 2 })
}

/** Runs something with a connection and closes it, whatever happens. */
export async function withChain<T>(place: ChainPlace, use: (chain: Chain) => Promise<T>): Promise<T> {
  const chain = await openChain(place)
  try {
    return await use(chain)
  } finally {
    await chain.close()
  }
}

function endpointsIn(field: string, text: string): string[] {
  const endpoints = text.split(',').map((part) => part.trim())
  const bad = endpoints.find((endpoint) => !/^wss?:\/\/\S+$/.test(endpoint) || !URL.canParse(endpoint))
  if (bad !== undefined) throw new InputError(field, bad, 'give an address such as ws://127.0.0.1:9944')
  return endpoints
}
