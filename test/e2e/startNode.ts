import { readChainSpec } from '../../src/base/chainSpec.ts'
import { decodeAddress } from '../../src/keys/ss58.ts'
import { writeGenesis } from '../../src/localnet/genesis.ts'
import { LocalNode } from '../../src/localnet/node.ts'
import { validateSubtensorCall } from '../../src/localnet/pallets/subtensor/validate.ts'
import { allMethods } from '../../src/localnet/rpc/methods.ts'
import { startServer } from '../../src/localnet/rpc/server.ts'
import type { Runtime } from '../../src/localnet/runtime.ts'
import type { AccountId } from '../../src/localnet/scale/chainTypes.ts'

export interface StartedNode {
  readonly endpoint: string
  readonly port: number
  close(): Promise<void>
}

const accountOf = (address: string): AccountId => `0x${Buffer.from(decodeAddress(address).publicKey).toString('hex')}`

/** A chain of a given runtime on a port (0 takes any free one), with a block every 50 ms and the localnet's accounts. */
export async function startNode(runtime: Runtime, port: number): Promise<StartedNode> {
  const { genesis } = readChainSpec('localnet')
  const note = (line: string): never => {
    throw new Error(line)
  }
  const node = new LocalNode({
    runtime,
    genesis: (state) =>
      writeGenesis(state, {
        sudo: accountOf(genesis.sudo),
        rootOwner: undefined,
        balances: genesis.balances.map(({ address, rao }) => ({ account: accountOf(address), rao })),
      }),
    authorities: genesis.authorities.map(({ aura }) => accountOf(aura)),
    slotMs: 250,
    poolChecks: validateSubtensorCall,
    identity: {
      name: 'test',
      version: '0',
      chain: 'Bittensor',
      properties: { ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' },
    },
    keepBlocks: 1_000,
    nowMs: Date.now,
    note,
  })
  const server = await startServer({ node, methods: allMethods(), host: '127.0.0.1', port, note })
  node.setInterval({ kind: 'every', ms: 50 })
  return {
    endpoint: `ws://127.0.0.1:${server.port}`,
    port: server.port,
    close: async () => {
      node.stop()
      await server.close()
    },
  }
}
