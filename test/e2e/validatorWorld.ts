import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { serveAxon } from '../../src/chain/serveAxon.ts'
import { type Player, setUpSubnet } from '../../src/cli/up/setUp.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { announcedIp } from '../../src/wire/axonAddress.ts'
import { type Say, testAxon } from '../unit/validator/testAxon.ts'

export interface World {
  readonly localnet: Localnet
  readonly chain: Chain
  readonly netuid: number
  readonly uids: ReadonlyMap<string, number>
  /** Starts and announces the axon of a miner. */
  serve(name: string, say: Say): Promise<void>
  close(): Promise<void>
}

export const hotkeyUri = (name: string): string => `//${name}/hotkey`
export const coldkeyUri = (name: string): string => `//${name}/coldkey`

export async function signerOf(uri: string): Promise<Signer> {
  return localSigner(await pairFromUri(uri))
}

/** A chain with a running subnet of these miners and validators, hashed commit-reveal on. */
export async function validatorWorld(options: {
  interval: string
  tempoBlocks: number
  miners: readonly string[]
  validators: readonly string[]
}): Promise<World> {
  const { interval, tempoBlocks, miners, validators } = options
  const localnet = await startLocalnet({ port: 0, interval })
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  const player = async (name: string, role: Player['role'], stakeTao: number): Promise<Player> => {
    const [hotkey, coldkeySigner] = [await signerOf(hotkeyUri(name)), await signerOf(coldkeyUri(name))]
    return { name, role, stakeTao, idle: false, domains: [], minerFlags: [], hotkey: hotkey.address, coldkeySigner }
  }
  const players = await Promise.all([
    player('owner', 'owner', 0),
    ...miners.map((name) => player(name, 'miner', 0)),
    ...validators.map((name) => player(name, 'validator', 1_000)),
  ])
  const { netuid, uids } = await setUpSubnet(chain, { sudo: await signerOf('//Alice'), players, tempoBlocks })
  return {
    localnet,
    chain,
    netuid,
    uids,
    async serve(name, say) {
      const genesis = chain.api.genesisHash.toHex()
      const { axon } = await testAxon({ uri: hotkeyUri(name), domains: ['sums'], say, genesis, netuid })
      const signer = await signerOf(hotkeyUri(name))
      const { port, certificate } = axon
      await serveAxon(chain, { signer, netuid, ...announcedIp('127.0.0.1'), port, certificate })
    },
    async close() {
      await chain.close()
      await localnet.close()
    },
  }
}
