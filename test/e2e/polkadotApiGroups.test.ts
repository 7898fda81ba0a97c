import { ApiPromise, WsProvider } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import type { ISubmittableResult } from '@polkadot/types/types'
import { createKeyMulti, cryptoWaitReady, encodeAddress, sortAddresses } from '@polkadot/util-crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'

/** Proxy, Multisig and Utility as somebody with @polkadot/api alone sees them. */

let localnet: Localnet
let api: ApiPromise
let alice: KeyringPair
let bob: KeyringPair
let dave: KeyringPair

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '50ms', build: 'fast' })
  await cryptoWaitReady()
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 })
  ;[alice, bob, dave] = ['//Alice', '//Bob', '//Dave'].map((uri) => keyring.addFromUri(uri)) as [
    KeyringPair,
    KeyringPair,
    KeyringPair,
  ]
  const provider = new WsProvider(localnet.endpoint) as unknown as ProviderInterface
  api = await ApiPromise.create({ provider, noInitWarn: true })
})

afterAll(async () => {
  await api?.disconnect()
  await localnet?.close()
})

type Call = SubmittableExtrinsic<'promise'>

/** Signs, sends and waits for the block. @returns events as `pallet.Name` → data in readable form */
async function send(call: Call, pair: KeyringPair): Promise<Map<string, unknown>> {
  const { events } = await new Promise<ISubmittableResult>((resolve, reject) => {
    call
      .signAndSend(pair, { nonce: -1 }, (result) => {
        if (result.status.isFinalized) resolve(result)
        else if (result.isError) reject(new Error(`${call.method.method}: ${result.status.type}`))
      })
      .catch(reject)
  })
  return new Map(events.map(({ event }) => [`${event.section}.${event.method}`, event.data.toHuman()]))
}

const tx = (pallet: string, name: string, ...args: unknown[]): Call => api.tx[pallet]![name]!(...args)
const read = async (pallet: string, item: string, ...keys: unknown[]) => {
  return (await api.query[pallet]![item]!(...keys)).toJSON()
}

async function balance(address: string): Promise<{ free: bigint; reserved: bigint }> {
  const account = (await api.query.system!.account!(address)) as unknown as {
    data: Record<'free' | 'reserved', { toBigInt(): bigint }>
  }
  return { free: account.data.free.toBigInt(), reserved: account.data.reserved.toBigInt() }
}

const constant = (pallet: string, name: string): bigint => BigInt(api.consts[pallet]![name]!.toString())

test('a proxy with a delay: announced, too early, in time, gone', async () => {
  await send(tx('proxy', 'addProxy', bob.address, 'Staking', 0), alice)
  await send(tx('proxy', 'addProxy', dave.address, 'Any', 8), alice)
  const [deposit, per] = [constant('proxy', 'proxyDepositBase'), constant('proxy', 'proxyDepositFactor')]
  expect((await balance(alice.address)).reserved).toBe(deposit + 2n * per)
  const [proxies] = (await read('proxy', 'proxies', alice.address)) as [unknown[]]
  expect(proxies).toContainEqual({ delegate: dave.address, proxyType: 'Any', delay: 8 })
  const payment = tx('balances', 'transferKeepAlive', bob.address, 12_345n)
  const hash = payment.method.hash.toHex()
  await send(tx('proxy', 'announce', alice.address, hash), dave)
  expect((await balance(dave.address)).reserved).toBe(
    constant('proxy', 'announcementDepositBase') + constant('proxy', 'announcementDepositFactor'),
  )
  const announced = tx('proxy', 'proxyAnnounced', dave.address, alice.address, null, payment)
  const early = await send(announced, dave)
  expect(early.get('system.ExtrinsicFailed')).toMatchObject({
    dispatchError: { Module: { index: '16', error: '0x06000000' } },
  })
  await localnet.node.mine(8)
  const before = (await balance(bob.address)).free
  const done = await send(announced, dave)
  expect(done.get('proxy.ProxyExecuted')).toEqual({ result: 'Ok' })
  expect((await balance(bob.address)).free - before).toBe(12_345n)
  expect((await balance(dave.address)).reserved).toBe(0n)
  expect(await read('proxy', 'lastCallResult', alice.address)).toEqual({ ok: null })
  await send(tx('proxy', 'removeProxies'), alice)
  expect((await balance(alice.address)).reserved).toBe(0n)
})

test('errors come with the words that the Python package compares', async () => {
  const failed = await send(tx('proxy', 'addProxy', alice.address, 'Any', 0), alice)
  expect(failed.get('system.ExtrinsicFailed')).toMatchObject({
    dispatchError: { Module: { index: '16', error: '0x07000000' } },
  })
  const { docs, name } = api.registry.findMetaError(Uint8Array.of(16, 7))
  expect([name, docs]).toEqual(['NoSelfProxy', ['Cannot add self as proxy.']])
})

test('a pure account: made, endowed, spending, ended', async () => {
  const created = await send(tx('proxy', 'createPure', 'Any', 0, 3), alice)
  const { pure } = created.get('proxy.PureCreated') as { pure: string }
  await send(tx('balances', 'transferKeepAlive', pure, 1_000_000_000n), alice)
  const payment = tx('balances', 'transferKeepAlive', dave.address, 5_000n)
  expect((await send(tx('proxy', 'proxy', pure, null, payment), alice)).get('proxy.ProxyExecuted')).toEqual({
    result: 'Ok',
  })
  expect((await balance(pure)).free).toBe(1_000_000_000n - 5_000n)
  const kill = (block: number): Call => tx('proxy', 'killPure', alice.address, 'Any', 3, block, 1)
  const made = await madeAt(pure)
  const wrong = await send(tx('proxy', 'proxy', pure, null, kill(made + 1)), alice)
  expect(wrong.get('proxy.ProxyExecuted')).toMatchObject({ result: { Err: { Module: { index: '16' } } } })
  const ended = await send(tx('proxy', 'proxy', pure, null, kill(made)), alice)
  expect(ended.get('proxy.PureKilled')).toMatchObject({ pure, spawner: alice.address })
  expect(await read('proxy', 'proxies', pure)).toEqual([[], 0])
})

/** The block in which a pure account was made. */
async function madeAt(pure: string): Promise<number> {
  for (let number = localnet.node.head.header.number; number > 0; number--) {
    const { node } = localnet
    const at = await api.at(node.blocks.hashAt(number)!)
    const [list] = (await at.query.proxy!.proxies!(pure)).toJSON() as [unknown[]]
    if (list.length === 0) return number + 1
  }
  throw new Error(`${pure} is in no block`)
}

test('two of three: the first brings the hash, the second the call', async () => {
  const members = sortAddresses([alice.address, bob.address, dave.address], 42)
  const group = encodeAddress(createKeyMulti(members, 2), 42)
  const others = (pair: KeyringPair): string[] => members.filter((address) => address !== pair.address)
  await send(tx('balances', 'transferKeepAlive', group, 2_000_000_000n), alice)
  const payment = tx('balances', 'transferKeepAlive', bob.address, 777_777n)
  const { weight } = await payment.paymentInfo(alice)
  const hash = payment.method.hash.toHex()
  const opened = await send(tx('multisig', 'approveAsMulti', 2, others(dave), null, hash, weight), dave)
  expect(opened.get('multisig.NewMultisig')).toMatchObject({ approving: dave.address, multisig: group, callHash: hash })
  const deposit = constant('multisig', 'depositBase') + 2n * constant('multisig', 'depositFactor')
  expect((await balance(dave.address)).reserved).toBe(deposit)
  const waiting = (await read('multisig', 'multisigs', group, hash)) as { when: unknown; approvals: string[] }
  expect(waiting.approvals).toEqual([dave.address])
  const light = { refTime: 1, proofSize: 0 }
  const tooLight = await send(tx('multisig', 'asMulti', 2, others(alice), waiting.when, payment, light), alice)
  expect(tooLight.get('system.ExtrinsicFailed')).toMatchObject({
    dispatchError: { Module: { index: '13', error: '0x0c000000' } },
  })
  const before = (await balance(bob.address)).free
  const done = await send(tx('multisig', 'asMulti', 2, others(alice), waiting.when, payment, weight), alice)
  expect(done.get('multisig.MultisigExecuted')).toMatchObject({ approving: alice.address, result: 'Ok' })
  expect((await balance(bob.address)).free - before).toBe(777_777n)
  expect((await balance(dave.address)).reserved).toBe(0n)
  expect(await read('multisig', 'multisigs', group, hash)).toBeNull()
})

test('one of two acts at once; a group of two can take back what it began', async () => {
  const members = sortAddresses([alice.address, bob.address], 42)
  const single = encodeAddress(createKeyMulti(members, 1), 42)
  await send(tx('balances', 'transferKeepAlive', single, 1_000_000_000n), alice)
  const payment = tx('balances', 'transferKeepAlive', dave.address, 999n)
  await send(tx('multisig', 'asMultiThreshold1', [bob.address], payment), alice)
  expect((await balance(single)).free).toBe(1_000_000_000n - 999n)
  const hash = payment.method.hash.toHex()
  const weight = { refTime: 10 ** 9, proofSize: 0 }
  await send(tx('multisig', 'asMulti', 2, [bob.address], null, payment, weight), alice)
  const group = encodeAddress(createKeyMulti(members, 2), 42)
  const { when } = (await read('multisig', 'multisigs', group, hash)) as { when: unknown }
  const notMine = await send(tx('multisig', 'cancelAsMulti', 2, [alice.address], when, hash), bob)
  expect(notMine.get('system.ExtrinsicFailed')).toMatchObject({
    dispatchError: { Module: { index: '13', error: '0x08000000' } },
  })
  const ended = await send(tx('multisig', 'cancelAsMulti', 2, [bob.address], when, hash), alice)
  expect(ended.get('multisig.MultisigCancelled')).toMatchObject({ cancelling: alice.address, multisig: group })
  expect((await balance(alice.address)).reserved).toBe(0n)
})
