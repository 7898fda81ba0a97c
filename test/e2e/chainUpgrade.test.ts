import { expect, onTestFinished, test, vi } from 'vitest'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { connectChain } from '../../src/chain/connect.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { metadataFault } from '../../src/chain/metadataFault.ts'
import { transfer } from '../../src/chain/transfer.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { localnetRuntime } from '../../src/localnet/localnetRuntime.ts'
import type { Runtime } from '../../src/localnet/runtime.ts'
import { startNode } from './startNode.ts'
import { startWsRelay } from './wsRelay.ts'

/** The localnet's runtime under another spec number; metadata, and so the genesis, stay what they are. */
function runtimeOf(specVersion: number): Runtime {
  const base = localnetRuntime('fast')
  return { ...base, version: { ...base.version, specVersion } }
}

test('a runtime upgrade that is announced is followed at once: its metadata is fetched, its number is signed', async () => {
  const node = await startNode(runtimeOf(430), 0)
  const relay = await startWsRelay(node.endpoint)
  onTestFinished(() => relay.close().then(() => node.close()))
  const chain = await connectChain({ endpoints: [relay.endpoint] })
  onTestFinished(() => chain.close())
  const version = await chain.send<object>('state_getRuntimeVersion', [])
  const metadata = chain.api.runtimeMetadata
  relay.methods.length = 0
  relay.notify('state_subscribeRuntimeVersion', 'state_runtimeVersion', { ...version, specVersion: 431 })
  await vi.waitFor(() => expect(chain.api.runtimeVersion.specVersion.toNumber()).toBe(431), { timeout: 20_000 })
  expect(relay.methods).toContain('state_getMetadata')
  expect(chain.api.runtimeMetadata).not.toBe(metadata)
  // The chain behind the relay is still the old one, so it must refuse a signature over the new number.
  const alice = localSigner(await pairFromUri('//Alice'))
  await expect(transfer(chain, { signer: alice, to: alice.address, amount: 1n as Rao })).rejects.toMatchObject({
    failure: { code: 'refused', reason: expect.stringContaining('bad signature') },
    mend: expect.stringContaining('runtime was upgraded'),
  })
})

test('a runtime upgrade that came while the connection was down is followed without a restart', async () => {
  const before = await startNode(runtimeOf(430), 0)
  const chain = await connectChain({ endpoints: [before.endpoint] })
  onTestFinished(() => chain.close())
  const alice = localSigner(await pairFromUri('//Alice'))
  const to = localSigner(await pairFromUri('//Receiver')).address
  await transfer(chain, { signer: alice, to, amount: raoPerToken as Rao })
  const metadata = chain.api.runtimeMetadata
  expect(chain.api.runtimeVersion.specVersion.toNumber()).toBe(430)

  await before.close()
  const after = await startNode(runtimeOf(431), before.port)
  onTestFinished(() => after.close())
  await vi.waitFor(() => expect(chain.api.runtimeVersion.specVersion.toNumber()).toBe(431), { timeout: 20_000 })
  expect(chain.api.runtimeMetadata).not.toBe(metadata)
  // The spec number is part of what is signed, so a stale one would be refused as a bad signature.
  await transfer(chain, { signer: alice, to, amount: raoPerToken as Rao })
  expect((await getBalance(chain, { address: to })).free).toBe(raoPerToken)
})

test('a node that tells of an upgrade and has no metadata for it is left for the next one', async () => {
  const node = await startNode(runtimeOf(430), 0)
  const relay = await startWsRelay(node.endpoint)
  onTestFinished(() => relay.close().then(() => node.close()))
  const chain = await connectChain({ endpoints: [relay.endpoint, node.endpoint] })
  onTestFinished(() => chain.close())
  const version = await chain.send<object>('state_getRuntimeVersion', [])
  const lost = new Promise<void>((resolve) => {
    onTestFinished(chain.onConnection((connected) => connected || resolve()))
  })
  relay.lies.set('state_getMetadata', '0x6d6574610effff')
  relay.notify('state_subscribeRuntimeVersion', 'state_runtimeVersion', { ...version, specVersion: 431 })
  await lost
  // At the other node.
  expect(await chain.send('chain_getBlockHash', [0])).toMatch(/^0x/)
})

test.each([null, 7, '0x', '0x1234', '0x6d6574610effff'])('%s is no metadata', (answer) => {
  expect(metadataFault(answer)).toEqual(expect.any(String))
})

test("a chain's own metadata is without fault", () => {
  const metadata = localnetRuntime('fast').metadata(14)
  expect(metadataFault(`0x${Buffer.from(metadata).toString('hex')}`)).toBeUndefined()
})
