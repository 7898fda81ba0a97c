import { expect, onTestFinished, test, vi } from 'vitest'
import { readChainSpec } from '../../src/base/chainSpec.ts'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { connectChain } from '../../src/chain/connect.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { transfer } from '../../src/chain/transfer.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { decodeAddress } from '../../src/keys/ss58.ts'
import { writeGenesis } from '../../src/localnet/genesis.ts'
import { localnetRuntime } from '../../src/localnet/localnetRuntime.ts'
import { LocalNode } from '../../src/localnet/node.ts'
import { validateSubtensorCall } from '../../src/localnet/pallets/subtensor/validate.ts'
import { allMethods } from '../../src/localnet/rpc/methods.ts'
import { type RpcServer, startServer } from '../../src/localnet/rpc/server.ts'
import type { AccountId } from '../../src/localnet/scale/chainTypes.ts'

const accountOf = (address: string): AccountId => `0x${Buffer.from(decodeAddress(address).publicKey).toString('hex')}`

/** A chain whose runtime calls itself `specVersion`; metadata and genesis are those of every localnet. */
async function chainOf(specVersion: number, port: number): Promise<{ node: LocalNode; server: RpcServer }> {
  const spec = readChainSpec('localnet')
  const base = localnetRuntime('fast')
  const node = new LocalNode({
    runtime: { ...base, version: { ...base.version, specVersion } },
    genesis: (state) =>
      writeGenesis(state, {
        sudo: accountOf(spec.genesis.sudo),
        rootOwner: undefined,
        balances: spec.genesis.balances.map(({ address, rao }) => ({ account: accountOf(address), rao })),
      }),
    authorities: spec.genesis.authorities.map(({ aura }) => accountOf(aura)),
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
    note: (line) => expect.fail(line),
  })
  const server = await startServer({
    node,
    methods: allMethods(),
    host: '127.0.0.1',
    port,
    note: (line) => expect.fail(line),
  })
  node.setInterval({ kind: 'every', ms: 50 })
  return { node, server }
}

test('a runtime upgrade that came while the connection was down is followed without a restart', async () => {
  const before = await chainOf(430, 0)
  const { port } = before.server
  const chain = await connectChain({ endpoints: [`ws://127.0.0.1:${port}`] })
  onTestFinished(() => chain.close())
  const alice = localSigner(await pairFromUri('//Alice'))
  const to = localSigner(await pairFromUri('//Receiver')).address
  await transfer(chain, { signer: alice, to, amount: raoPerToken as Rao })
  const metadata = chain.api.runtimeMetadata
  expect(chain.api.runtimeVersion.specVersion.toNumber()).toBe(430)

  before.node.stop()
  await before.server.close()
  const after = await chainOf(431, port)
  onTestFinished(async () => {
    after.node.stop()
    await after.server.close()
  })
  await vi.waitFor(() => expect(chain.api.runtimeVersion.specVersion.toNumber()).toBe(431), { timeout: 20_000 })
  expect(chain.api.runtimeMetadata).not.toBe(metadata)
  // The spec number is part of what is signed, so a stale one would be refused as a bad signature.
  await transfer(chain, { signer: alice, to, amount: raoPerToken as Rao })
  expect((await getBalance(chain, { address: to })).free).toBe(raoPerToken)
})
