import { ApiPromise, WsProvider } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import type { ISubmittableResult } from '@polkadot/types/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'

let localnet: Localnet
let api: ApiPromise
let alice: KeyringPair
let bob: KeyringPair
let dave: KeyringPair

// As anybody would write it: no types, no signed extensions, no options of ours.
beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '100ms' })
  await cryptoWaitReady()
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 })
  ;[alice, bob, dave] = ['//Alice', '//Bob', '//Dave'].map((uri) => keyring.addFromUri(uri)) as [
    KeyringPair,
    KeyringPair,
    KeyringPair,
  ]
  api = await ApiPromise.create({ provider: provider(), noInitWarn: true })
})

afterAll(async () => {
  await api?.disconnect()
  await localnet?.close()
})

function provider(): ProviderInterface {
  return new WsProvider(localnet.endpoint) as unknown as ProviderInterface
}

type Call = SubmittableExtrinsic<'promise'>

/** Signs, sends and waits until the extrinsic is in a finalised block. */
async function toFinalised(
  call: Call,
  pair: KeyringPair,
  options: { nonce?: number; era?: number; tip?: bigint } = {},
): Promise<{ result: ISubmittableResult; statuses: string[]; blockHash: string }> {
  const statuses: string[] = []
  return await new Promise((resolve, reject) => {
    call
      .signAndSend(pair, { nonce: -1, ...options }, (result) => {
        statuses.push(result.status.type)
        if (result.status.isFinalized) resolve({ result, statuses, blockHash: result.status.asFinalized.toHex() })
        else if (result.isError) reject(new Error(`${call.method.method}: ${result.status.type}`))
      })
      .catch(reject)
  })
}

/** @polkadot/api keeps `InBlock` to itself where the news of finality overtakes its look at the block. */
function withoutInBlock(statuses: readonly string[]): string[] {
  return statuses.filter((status) => status !== 'InBlock')
}

async function freeOf(address: string, at?: string): Promise<bigint> {
  const source = at === undefined ? api : await api.at(at)
  const account = (await source.query.system!.account!(address)) as unknown as {
    data: { free: { toBigInt(): bigint } }
  }
  return account.data.free.toBigInt()
}

const transfer = (to: KeyringPair, rao: bigint): Call => api.tx.balances!.transferKeepAlive!(to.address, rao)

test('it knows the chain it is connected to', async () => {
  expect(api.runtimeVersion.specName.toString()).toBe('node-subtensor')
  expect(api.runtimeVersion.specVersion.toNumber()).toBe(430)
  expect(api.genesisHash.toHex()).toBe(localnet.node.genesisHash)
  expect((await api.rpc.system.chain()).toString()).toBe('Bittensor')
  expect(api.registry.chainDecimals).toEqual([9])
  expect(api.registry.chainTokens).toEqual(['TAO'])
  expect(api.registry.signedExtensions).toHaveLength(13)
  expect((api.consts.aura!.slotDuration as unknown as { toNumber(): number }).toNumber()).toBe(250)
  expect((api.consts.balances!.existentialDeposit as unknown as { toNumber(): number }).toNumber()).toBe(500)
})

test('a transfer is signed, watched to finality and found in its block with its events and fee', async () => {
  const call = transfer(bob, 1_500_000_000n)
  const { partialFee } = await call.paymentInfo(alice.address)
  const before = [await freeOf(alice.address), await freeOf(bob.address)] as const
  const { result, statuses, blockHash } = await toFinalised(call, alice)
  expect(withoutInBlock(statuses)).toEqual(['Ready', 'Finalized'])
  const paid = result.events.find(({ event }) => event.method === 'TransactionFeePaid')!.event.data[1]!
  expect(BigInt(paid.toString())).toBe(partialFee.toBigInt())
  expect(await freeOf(alice.address, blockHash)).toBe(before[0] - 1_500_000_000n - partialFee.toBigInt())
  expect(await freeOf(bob.address, blockHash)).toBe(before[1] + 1_500_000_000n)
  const { block } = await api.rpc.chain.getBlock(blockHash)
  const found = block.extrinsics.find(({ hash }) => hash.eq(result.txHash))!
  expect([found.method.section, found.method.method]).toEqual(['balances', 'transferKeepAlive'])
  expect(found.signer.toString()).toBe(alice.address)
  expect(block.extrinsics[0]!.method.method).toBe('set')
  const transferred = result.events.find(({ event }) => api.events.balances!.Transfer!.is(event))!
  expect(transferred.event.data.toHuman()).toMatchObject({ from: alice.address, to: bob.address })
})

test('the past is read by block hash', async () => {
  const { blockHash } = await toFinalised(transfer(bob, 7n), alice)
  const after = await freeOf(bob.address, blockHash)
  const header = await api.rpc.chain.getHeader(blockHash)
  expect(await freeOf(bob.address, header.parentHash.toHex())).toBe(after - 7n)
  expect(await freeOf(alice.address, api.genesisHash.toHex())).toBe(10n ** 15n)
  const number = (await (await api.at(blockHash)).query.system!.number!()) as unknown as { toNumber(): number }
  expect(number.toNumber()).toBe(header.number.toNumber())
  expect((await api.rpc.chain.getBlockHash(header.number.toNumber())).toHex()).toBe(blockHash)
})

test('maps are read whole, in pages and by several keys at once', async () => {
  const added = await api.query.subtensorModule!.networksAdded!.entries()
  const netuids = added.map(([key]) => Number(key.args[0]!.toString())).sort()
  expect(netuids).toEqual([0, 1])
  const paged = await api.query.system!.account!.entriesPaged({ args: [], pageSize: 3 })
  expect(paged).toHaveLength(3)
  const all = await api.query.system!.account!.keys()
  expect(all.length).toBeGreaterThan(5)
  const pair = await api.query.system!.account!.multi([alice.address, bob.address])
  expect(pair).toHaveLength(2)
  const multi = await api.queryMulti([api.query.system!.number!, [api.query.subtensorModule!.tempo!, 1]])
  expect(multi[1]!.toString()).toBe('100')
})

test('heads and storage are followed', async () => {
  const numbers: number[] = []
  await new Promise<void>((resolve) => {
    const stop = api.rpc.chain.subscribeNewHeads((header) => {
      numbers.push(header.number.toNumber())
      if (numbers.length === 4) void stop.then((unsubscribe) => unsubscribe()).then(() => resolve())
    })
  })
  expect(numbers).toEqual(Array.from({ length: 4 }, (_, i) => numbers[0]! + i))
  const finalised = await new Promise<number>((resolve) => {
    const stop = api.rpc.chain.subscribeFinalizedHeads((header) => {
      void stop.then((unsubscribe) => unsubscribe()).then(() => resolve(header.number.toNumber()))
    })
  })
  expect(finalised).toBeGreaterThanOrEqual(numbers.at(-1)!)
  const balances: bigint[] = []
  const seen = new Promise<void>((resolve) => {
    const stop = api.query.system!.account!(bob.address, ((account: { data: { free: { toBigInt(): bigint } } }) => {
      balances.push(account.data.free.toBigInt())
      if (balances.length === 2) void stop.then((unsubscribe) => unsubscribe()).then(() => resolve())
    }) as never) as unknown as Promise<() => void>
  })
  await api.query.system!.account!(bob.address)
  await toFinalised(transfer(bob, 11n), alice)
  await seen
  expect(balances[1]! - balances[0]!).toBe(11n)
})

test('a mortal era is honoured: within it the call lands, with a wrong checkpoint it is no valid signature', async () => {
  const { statuses, blockHash } = await toFinalised(transfer(bob, 3n), alice, { era: 16 })
  expect(statuses.at(-1)).toBe('Finalized')
  const { block } = await api.rpc.chain.getBlock(blockHash)
  expect([...block.extrinsics].find(({ isSigned }) => isSigned)!.era.isMortalEra).toBe(true)
  const header = await api.rpc.chain.getHeader()
  const era = api.createType('ExtrinsicEra', { current: header.number.toNumber(), period: 16 })
  const forged = await transfer(bob, 3n).signAsync(alice, {
    era: era.toU8a() as never,
    blockHash: api.genesisHash,
    nonce: -1,
  })
  await expect(forged.send()).rejects.toThrow('1010: Invalid Transaction: Transaction has a bad signature')
})

test('a nonce that is over is outdated, one ahead waits for those before it', async () => {
  const nonce = (await api.rpc.system.accountNextIndex(dave.address)).toNumber()
  const later = toFinalised(transfer(bob, 1n), dave, { nonce: nonce + 1 })
  const { statuses } = await toFinalised(transfer(bob, 2n), dave, { nonce })
  expect(statuses.at(-1)).toBe('Finalized')
  expect(withoutInBlock((await later).statuses)).toEqual(['Future', 'Ready', 'Finalized'])
  await expect(transfer(bob, 4n).signAndSend(dave, { nonce })).rejects.toThrow('Transaction is outdated')
})

test('a call that somebody else signed is refused', async () => {
  const signed = await transfer(bob, 1n).signAsync(dave, { nonce: -1 })
  const bytes = signed.toU8a()
  // The signer's key stands behind the length, the version and the address kind.
  bytes.set(alice.publicKey, 4)
  await expect(api.rpc.author.submitExtrinsic(`0x${Buffer.from(bytes).toString('hex')}`)).rejects.toThrow(
    'Transaction has a bad signature',
  )
})

test('a call that fails is in its block under the error that the chain has a name for', async () => {
  const all = await freeOf(dave.address)
  const { result } = await toFinalised(transfer(bob, all * 2n), dave)
  expect(result.dispatchError?.toHuman()).toMatchObject({ Token: 'FundsUnavailable' })
  const { result: refused } = await toFinalised(api.tx.subtensorModule!.burnedRegister!(99, dave.address) as Call, dave)
  const { section, name } = api.registry.findMetaError(refused.dispatchError!.asModule)
  expect(`${section}.${name}`).toBe('subtensorModule.SubnetNotExists')
})

test('batches run as one, sudo as root, and both say what became of the calls inside', async () => {
  const batch = api.tx.utility!.batchAll!([transfer(bob, 5n), transfer(dave, 6n)]) as Call
  const before = await freeOf(dave.address)
  const { result } = await toFinalised(batch, alice)
  expect(result.events.some(({ event }) => event.method === 'BatchCompleted')).toBe(true)
  expect(await freeOf(dave.address)).toBe(before + 6n)
  const tempo = api.tx.sudo!.sudo!(api.tx.adminUtils!.sudoSetTempo!(1, 20)) as Call
  const { result: sudid } = await toFinalised(tempo, alice)
  const outcome = sudid.events.find(({ event }) => event.method === 'Sudid')!.event.data[0]!
  expect(outcome.toHuman()).toBe('Ok')
  expect((await api.query.subtensorModule!.tempo!(1)).toString()).toBe('20')
  await expect(toFinalised(tempo, bob)).rejects.toThrow('Invalid signing address')
})

test('runtime APIs answer through metadata', async () => {
  const call = transfer(bob, 1n)
  const signed = await call.signAsync(alice, { nonce: -1 })
  const info = (await api.call.transactionPaymentApi!.queryInfo!(signed.toU8a(), signed.encodedLength)) as unknown as {
    partialFee: { toBigInt(): bigint }
  }
  expect(info.partialFee.toBigInt()).toBe((await call.paymentInfo(alice.address)).partialFee.toBigInt())
  const nonce = await api.call.accountNonceApi!.accountNonce!(alice.address)
  expect(Number(nonce.toString())).toBe((await api.rpc.system.accountNextIndex(alice.address)).toNumber())
  const versions = await api.call.metadata!.metadataVersions!()
  expect(versions.toJSON()).toEqual([14, 15, 16])
})

test('the older methods that pages and scripts still call answer in the shapes that it decodes', async () => {
  const { rpc } = api
  const key = api.query.system!.account!.key(bob.address)
  const prefix = api.query.subtensorModule!.networksAdded!.keyPrefix()
  const before = await rpc.chain.getBlockHash()
  await toFinalised(transfer(bob, 13n), alice)
  const [old, now] = [await rpc.state.queryStorageAt([key], before), await rpc.state.queryStorageAt([key])]
  expect(String(old)).not.toBe(String(now))
  const changes = (await rpc.state.queryStorage([key], before)) as unknown as [unknown, unknown[]][]
  expect(changes).toHaveLength(2)
  expect(await rpc.state.getPairs(prefix)).toHaveLength(2)
  expect((await rpc.state.getKeysPaged(prefix, 1)).map(String)).toHaveLength(1)
  expect((await rpc.state.getStorageSize(key)).toString()).toBe('56')
  expect((await rpc.state.getStorageHash(key)).toHex()).toMatch(/^0x[0-9a-f]{64}$/)
  const signed = await transfer(bob, 1n).signAsync(alice, { nonce: -1 })
  // Not `rpc.payment.queryInfo`: @polkadot/api gave up on its own decoder when nodes began to answer with two weights.
  const { partialFee } = await transfer(bob, 1n).paymentInfo(alice, { nonce: -1 })
  const { inclusionFee } = await rpc.payment.queryFeeDetails(signed.toHex())
  const { baseFee, lenFee, adjustedWeightFee } = inclusionFee.unwrap()
  expect(baseFee.toBigInt() + lenFee.toBigInt() + adjustedWeightFee.toBigInt()).toBe(partialFee.toBigInt())
  expect((await rpc.system.dryRun(signed.toHex())).toHuman()).toEqual({ Ok: { Ok: [] } })
  const heads = await new Promise<number>((resolve) => {
    const stop = rpc.chain.subscribeAllHeads((header) => {
      void stop.then((unsubscribe) => unsubscribe()).then(() => resolve(header.number.toNumber()))
    })
  })
  expect(heads).toBeGreaterThan(0)
  const { block, justifications } = await rpc.chain.getBlock(before)
  expect(justifications.isNone).toBe(true)
  expect(block.header.hash.toHex()).toBe(before.toHex())
  expect(await rpc.author.pendingExtrinsics()).toHaveLength(0)
  expect((await rpc.system.health()).peers.toNumber()).toBe(0)
})
