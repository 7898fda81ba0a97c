import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeAddress } from '../../../src/keys/ss58.ts'
import { storage as system } from '../../../src/localnet/pallets/system.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { post, RpcClient } from './rpcClient.ts'
import { accountOf, alice, bob, hex, signCall, transferOf } from './signedCall.ts'

let localnet: Localnet
let client: RpcClient

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  client = await RpcClient.connect(localnet.endpoint)
})

afterAll(async () => {
  client.close()
  await localnet.close()
})

const transfer = () => hex(signCall(localnet.node, alice, transferOf(accountOf(bob), 5n)))
const numberKey = storageKey(system.Number, [])
const accountKey = storageKey(system.Account, [accountOf(bob)])

test('what a client asks first: methods, chain, properties, version, genesis', async () => {
  const { methods } = (await client.call('rpc_methods')) as { methods: string[] }
  expect(methods).toEqual([...new Set(methods)].sort())
  for (const name of ['chain_getHead', 'account_nextIndex', 'state_queryStorageAt', 'author_submitAndWatchExtrinsic']) {
    expect(methods).toContain(name)
  }
  expect(await client.call('system_chain')).toBe('Bittensor')
  expect(await client.call('system_properties')).toEqual({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' })
  const version = { specName: 'node-subtensor', specVersion: 430, transactionVersion: 1, stateVersion: 1 }
  expect(await client.call('state_getRuntimeVersion', [null])).toMatchObject(version)
  expect(await client.call('chain_getBlockHash', [0])).toBe(localnet.node.genesisHash)
  expect(await client.call('chain_getBlockHash', [['0x0', 7]])).toEqual([localnet.node.genesisHash, null])
})

test('every listed method answers, if only to say which parameters it wants', async () => {
  const { methods } = (await client.call('rpc_methods')) as { methods: string[] }
  for (const name of methods) {
    const { error } = await client.request(name, [{ not: 'a parameter' }])
    if (error !== undefined) expect([name, error.code]).toEqual([name, -32602])
  }
})

test('bytes may come without 0x, as the Python package sends them', async () => {
  const name = 'Metadata_metadata_at_version'
  const [bare, usual] = [
    await client.call('state_call', [name, '0f000000']),
    await client.call('state_call', [name, '0x0f000000']),
  ]
  expect((bare as string).length).toBeGreaterThan(10_000)
  expect(bare).toBe(usual)
  for (const wrong of ['0f0', '0xzz', 'x0f', '0x0x']) {
    expect((await client.request('state_call', [name, wrong])).error?.code).toBe(-32602)
  }
})

test('storage is read at the head and at any earlier block', async () => {
  const before = await client.call('state_getStorage', [accountKey])
  const old = (await client.call('chain_getHead')) as string
  await client.call('author_submitExtrinsic', [transfer()])
  const { hash } = (await client.call('localnet_mine')) as { hash: string }
  const after = await client.call('state_getStorageAt', [accountKey, hash])
  expect(after).not.toBe(before)
  expect(await client.call('state_getStorage', [accountKey, old])).toBe(before)
  expect(await client.call('state_getStorageSize', [accountKey])).toBe(56)
  expect(await client.call('state_getStorageHash', [accountKey])).toMatch(/^0x[0-9a-f]{64}$/)
  expect(await client.call('state_getStorage', ['0x1234'])).toBeNull()
  expect(await client.call('state_queryStorageAt', [[accountKey, '0x1234'], old])).toEqual([
    {
      block: old,
      changes: [
        [accountKey, before],
        ['0x1234', null],
      ],
    },
  ])
  const ranged = (await client.call('state_queryStorage', [[accountKey], old, hash])) as unknown[]
  expect(ranged).toEqual([
    { block: old, changes: [[accountKey, before]] },
    { block: hash, changes: [[accountKey, after]] },
  ])
})

test('hex may come without its 0x, as the Python client sends it', async () => {
  const head = localnet.node.head.hash
  const input = accountOf(alice)
  const nonce = await client.call('state_call', ['AccountNonceApi_account_nonce', input, head])
  const bare = ['AccountNonceApi_account_nonce', input.slice(2), head.slice(2)]
  expect(await client.call('state_call', bare)).toBe(nonce)
  expect(await client.call('state_call', ['Core_version', ''])).toBe(
    await client.call('state_call', ['Core_version', '0x']),
  )
  expect(await client.call('state_getStorage', [accountKey.slice(2)])).toBe(
    await client.call('state_getStorage', [accountKey]),
  )
})

test('keys come in pages that join up', async () => {
  const prefix = system.Account.prefix
  const all = (await client.call('state_getKeys', [prefix])) as string[]
  expect(all.length).toBeGreaterThan(5)
  const paged: string[] = []
  for (;;) {
    const page = (await client.call('state_getKeysPaged', [prefix, 2, paged.at(-1)])) as string[]
    paged.push(...page)
    if (page.length < 2) break
  }
  expect(paged).toEqual(all)
  const pairs = (await client.call('state_getPairs', [prefix])) as [string, string][]
  expect(pairs.map(([key]) => key)).toEqual(all)
  expect(pairs[0]![1]).toBe(await client.call('state_getStorage', [all[0]]))
  const tooMany = await client.request('state_getKeysPaged', [prefix, 1_001])
  expect(tooMany.error?.code).toBe(4002)
})

test('who follows a key hears of it after another chain was loaded, and after a snapshot was gone back to', async () => {
  const key = '0xabcd'
  const [dump, snapshot] = [localnet.dumpState(), localnet.snapshot()]
  const id = (await client.call('state_subscribeStorage', [[key]])) as string
  const told = () =>
    client.notifications
      .filter(({ subscription }) => subscription === id)
      .map(({ result }) => (result as { changes: [string, string | null][] }).changes[0]![1])
  const change = async (act: () => void, count: number) => {
    act()
    await client.call('localnet_mine')
    await client.until(() => told().length === count)
    return told().at(-1)
  }
  expect(await change(() => localnet.setRawStorage([[key, '0x01']]), 2)).toBe('0x01')
  expect(await change(() => localnet.revert(snapshot), 3)).toBeNull()
  expect(await change(() => localnet.setRawStorage([[key, '0x02']]), 4)).toBe('0x02')
  expect(await change(() => localnet.loadState(dump), 5)).toBeNull()
  await client.call('state_unsubscribeStorage', [id])
})

test('heads and storage changes are followed until unsubscribed', async () => {
  const heads = (await client.call('chain_subscribeNewHeads')) as string
  const finalized = (await client.call('chain_subscribeFinalizedHeads')) as string
  const changes = (await client.call('state_subscribeStorage', [[numberKey, '0xabcd']])) as string
  const number = localnet.node.head.header.number
  await client.call('localnet_mine', [2])
  const of = (id: string) => client.notifications.filter(({ subscription }) => subscription === id)
  await client.until(() => of(heads).length === 3 && of(finalized).length === 3 && of(changes).length === 3)
  const numbers = [number, number + 1, number + 2].map((n) => `0x${n.toString(16)}`)
  expect(of(heads).map(({ result }) => (result as { number: string }).number)).toEqual(numbers)
  expect(of(finalized).map(({ result }) => (result as { number: string }).number)).toEqual(numbers)
  expect((of(changes)[0]!.result as { changes: unknown[] }).changes).toHaveLength(2)
  expect((of(changes)[1]!.result as { changes: unknown[] }).changes).toHaveLength(1)
  expect(await client.call('chain_unsubscribeNewHeads', [heads])).toBe(true)
  expect(await client.call('chain_unsubscribeNewHeads', [heads])).toBe(false)
  expect(await client.call('state_unsubscribeStorage', [finalized])).toBe(false)
  await client.call('localnet_mine')
  await client.until(() => of(finalized).length === 4)
  expect(of(heads)).toHaveLength(3)
})

test('a watched extrinsic is followed to finality, its block found and its fee foretold', async () => {
  const bytes = transfer()
  const { partialFee } = (await client.call('payment_queryInfo', [bytes])) as { partialFee: string }
  const { inclusionFee } = (await client.call('payment_queryFeeDetails', [bytes])) as {
    inclusionFee: Record<'baseFee' | 'lenFee' | 'adjustedWeightFee', string>
  }
  const parts = Object.values(inclusionFee).reduce((sum, part) => sum + BigInt(part), 0n)
  expect(parts).toBe(BigInt(partialFee))
  expect(await client.call('system_dryRun', [bytes])).toBe('0x0000')
  const nonce = (await client.call('system_accountNextIndex', [alice.address])) as number
  const id = (await client.call('author_submitAndWatchExtrinsic', [bytes])) as string
  expect(await client.call('account_nextIndex', [encodeAddress(alice.publicKey, 0)])).toBe(nonce + 1)
  expect(await client.call('author_pendingExtrinsics')).toEqual([bytes])
  const { hash } = (await client.call('localnet_mine')) as { hash: string }
  const of = () => client.notifications.filter(({ subscription }) => subscription === id)
  await client.until(() => of().length === 3)
  expect(of().map(({ result }) => result)).toEqual(['ready', { inBlock: hash }, { finalized: hash }])
  const { block } = (await client.call('chain_getBlock', [hash])) as { block: { extrinsics: string[] } }
  expect(block.extrinsics[1]).toBe(bytes)
  // The subscription is over, so there is nothing to end.
  expect(await client.call('author_unwatchExtrinsic', [id])).toBe(false)
})

test('refused extrinsics have the codes and words by which clients know them', async () => {
  const { node } = localnet
  const call = transferOf(accountOf(bob), 5n)
  const bad = signCall(node, alice, call)
  bad[60]! ^= 1
  const refused = await client.request('author_submitAndWatchExtrinsic', [hex(bad)])
  expect(refused.error).toEqual({ code: 1010, message: 'Invalid Transaction', data: 'Transaction has a bad signature' })
  const stale = await client.request('author_submitExtrinsic', [hex(signCall(node, alice, call, { nonce: 0 }))])
  expect(stale.error).toEqual({ code: 1010, message: 'Invalid Transaction', data: 'Transaction is outdated' })
  const bytes = transfer()
  await client.call('author_submitExtrinsic', [bytes])
  const again = await client.request('author_submitExtrinsic', [bytes])
  expect(again.error).toMatchObject({ code: 1013, message: 'Transaction Already Imported' })
  const inherent = hex(node.head.extrinsics[0]!)
  const unsigned = await client.request('author_submitExtrinsic', [inherent])
  expect(unsigned.error?.code).toBe(1010)
  expect(unsigned.error?.data).toMatch(/mandatory/)
  const noise = await client.request('author_submitExtrinsic', ['0x0102'])
  expect(noise.error?.code).toBe(1001)
  await client.call('localnet_mine')
})

test('extrinsics are taken out of the pool by hash or by bytes, and stay out', async () => {
  const bytes = transfer()
  const extrinsicHash = (await client.call('author_submitExtrinsic', [bytes])) as string
  const nowhere = `0x${'34'.repeat(32)}`
  expect(await client.call('author_removeExtrinsic', [[{ hash: nowhere }, { extrinsic: bytes }]])).toEqual([
    extrinsicHash,
  ])
  expect(await client.call('author_pendingExtrinsics')).toEqual([])
  const again = await client.request('author_submitExtrinsic', [bytes])
  expect(again.error).toMatchObject({ code: 1012, message: 'Transaction is temporarily banned' })
})

test('unknown blocks and methods are named as the real node names them', async () => {
  const nowhere = `0x${'12'.repeat(32)}`
  expect(await client.call('chain_getHeader', [nowhere])).toBeNull()
  expect(await client.call('chain_getBlock', [nowhere])).toBeNull()
  const state = await client.request('state_getStorage', [numberKey, nowhere])
  expect(state.error).toMatchObject({ code: 4003, message: expect.stringContaining('Header was not found') })
  const method = await client.request('state_call', ['No_such', '0x'])
  expect(method.error?.message).toContain('Exported method No_such is not found')
  const small = await startLocalnet({ port: 0, interval: 'manual', keepBlocks: 2 })
  const other = await RpcClient.connect(small.endpoint)
  await other.call('localnet_mine', [5])
  const discarded = await other.request('state_getStorage', [numberKey, small.node.genesisHash])
  expect(discarded.error?.message).toContain('State already discarded for ')
  other.close()
  await small.close()
})

test('bytes may come without 0x, as SDK 11 sends them, but not by halves', async () => {
  const price = (input: string) => client.request('state_call', ['SwapRuntimeApi_current_alpha_price', input])
  expect(await price('0100')).toMatchObject(await price('0x0100').then(({ result }) => ({ result })))
  expect((await price('0x0100')).result).toBe('0x00ca9a3b00000000')
  for (const broken of ['010', '0x0', '0x0g', 'x100']) expect((await price(broken)).error?.code).toBe(-32602)
})

test('HTTP POST answers requests and batches, and refuses subscriptions', async () => {
  const { endpoint } = localnet
  const single = await post(endpoint, '{"jsonrpc":"2.0","id":1,"method":"system_chain"}')
  expect(single).toEqual({ status: 200, body: { jsonrpc: '2.0', id: 1, result: 'Bittensor' } })
  const batch = await post(
    endpoint,
    '[{"jsonrpc":"2.0","id":"a","method":"system_name"},{"jsonrpc":"2.0","method":"system_name"},{"jsonrpc":"2.0","id":2,"method":"nope"}]',
  )
  expect(batch.body).toMatchObject([{ id: 'a' }, { id: 2, error: { code: -32601 } }])
  const subscribe = await post(endpoint, '{"jsonrpc":"2.0","id":1,"method":"chain_subscribeNewHeads"}')
  expect(subscribe.body).toMatchObject({ error: { code: -32601 } })
  expect(await post(endpoint, '{"jsonrpc":"2.0","method":"system_chain"}')).toEqual({ status: 204, body: undefined })
  const get = await fetch(endpoint.replace('ws:', 'http:'))
  expect(get.status).toBe(405)
})
