import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeAddress } from '../../../src/keys/ss58.ts'
import { hashHex } from '../../../src/localnet/extrinsic.ts'
import { storage as system } from '../../../src/localnet/pallets/system.ts'
import type { Candidate } from '../../../src/localnet/pool.ts'
import { closestDescendant } from '../../../src/localnet/rpc/closestDescendant.ts'
import { Follow, followLimits } from '../../../src/localnet/rpc/follow.ts'
import type { Hex32 } from '../../../src/localnet/scale/chainTypes.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { RpcClient } from './rpcClient.ts'
import { accountOf, alice, bob, dave, hex, signCall, transferOf } from './signedCall.ts'

let localnet: Localnet
let client: RpcClient

/** Enough accounts for two pages and a bit. */
const endow = Array.from({ length: 2_100 }, (_, i) => {
  const publicKey = new Uint8Array(32)
  new DataView(publicKey.buffer).setUint32(0, i + 1)
  return { address: encodeAddress(publicKey, 42), rao: 1_000n }
})

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual', endow })
  client = await RpcClient.connect(localnet.endpoint)
})

afterAll(async () => {
  client.close()
  await localnet.close()
})

interface Event {
  readonly event: string
  readonly operationId?: string
  readonly [field: string]: unknown
}

const eventsOf = (id: string, by = client): Event[] =>
  by.notifications.filter(({ subscription }) => subscription === id).map(({ result }) => result as Event)

async function follow(withRuntime = true): Promise<string> {
  const id = (await client.call('chainHead_v1_follow', [withRuntime])) as string
  await client.until(() => eventsOf(id).length >= 2)
  return id
}

async function operation(id: string, method: string, params: readonly unknown[]): Promise<Event[]> {
  const begun = (await client.call(method, [id, ...params])) as { result: string; operationId: string }
  expect(begun.result).toBe('started')
  const of = () => eventsOf(id).filter(({ operationId }) => operationId === begun.operationId)
  await client.until(() => /Done|Error|Inaccessible|Waiting/.test(of().at(-1)?.event ?? ''))
  return of()
}

const accountKey = storageKey(system.Account, [accountOf(bob)])

test('a subscription begins with the last blocks, then tells of each new one as best and final', async () => {
  await localnet.node.mine(3)
  const { node } = localnet
  const id = await follow()
  const [initialized, best] = eventsOf(id)
  const numbers = Array.from({ length: 4 }, (_, i) => node.head.header.number - 3 + i)
  expect(initialized).toMatchObject({
    event: 'initialized',
    finalizedBlockHashes: numbers.map((number) => node.blocks.hashAt(number)),
    finalizedBlockRuntime: { type: 'valid', spec: { specName: 'node-subtensor', specVersion: 430 } },
  })
  expect(best).toEqual({ event: 'bestBlockChanged', bestBlockHash: node.head.hash })
  const parentBlockHash = node.head.hash
  await node.mine()
  await client.until(() => eventsOf(id).length === 5)
  const blockHash = node.head.hash
  expect(eventsOf(id).slice(2)).toEqual([
    { event: 'newBlock', blockHash, parentBlockHash, newRuntime: null },
    { event: 'bestBlockChanged', bestBlockHash: blockHash },
    { event: 'finalized', finalizedBlockHashes: [blockHash], prunedBlockHashes: [] },
  ])
  const header = (await client.call('chainHead_v1_header', [id, blockHash])) as string
  expect(hashHex(Buffer.from(header.slice(2), 'hex'))).toBe(blockHash)
  const [body] = await operation(id, 'chainHead_v1_body', [blockHash])
  expect(body).toMatchObject({ event: 'operationBodyDone', value: node.head.extrinsics.map(hex) })
  await client.call('chainHead_v1_unfollow', [id])
  await node.mine()
  await client.call('system_chain')
  expect(eventsOf(id)).toHaveLength(6)
  expect(await client.call('chainHead_v1_body', [id, blockHash])).toEqual({ result: 'limitReached' })
  expect(await client.call('chainHead_v1_header', [id, blockHash])).toBeNull()
})

test('blocks are told to be final somewhat after they are told, so that clients can look into them before', async () => {
  const { node } = localnet
  const id = await follow()
  await node.mine(12)
  await client.call('system_chain')
  const told = eventsOf(id).filter(({ event }) => event === 'newBlock')
  expect(told).toHaveLength(12)
  const final = () =>
    eventsOf(id)
      .slice(2)
      .flatMap(({ finalizedBlockHashes: hashes = [] }) => hashes as string[])
  await client.until(() => final().length === 12)
  // Each of them once, in order, and never before it was told.
  expect(final()).toEqual(told.map(({ blockHash }) => blockHash))
  const places = eventsOf(id).map(({ event }) => event)
  expect(places.lastIndexOf('finalized')).toBeGreaterThan(places.lastIndexOf('newBlock'))
  await client.call('chainHead_v1_unfollow', [id])
})

test('values, hashes and Merkle values of keys; what is not there has no result', async () => {
  const id = await follow(false)
  const { hash } = localnet.node.head
  const value = localnet.node.history.get(accountKey)!
  const items = [
    { key: accountKey, type: 'value' },
    { key: accountKey, type: 'hash' },
    { key: '0x1234', type: 'value' },
    { key: system.Account.prefix, type: 'closestDescendantMerkleValue' },
  ]
  const events = await operation(id, 'chainHead_v1_storage', [hash, items, null])
  expect(events.map(({ event }) => event)).toEqual(['operationStorageItems', 'operationStorageDone'])
  const merkle = closestDescendant(localnet.node.history, system.Account.prefix)!
  expect(events[0]!.items).toEqual([
    { key: accountKey, value: hex(value) },
    { key: accountKey, hash: hashHex(value) },
    { key: system.Account.prefix, closestDescendantMerkleValue: hex(merkle) },
  ])
  const child = await operation(id, 'chainHead_v1_storage', [hash, items, '0x1234'])
  expect(child.map(({ event }) => event)).toEqual(['operationStorageDone'])
  await client.call('chainHead_v1_unfollow', [id])
})

test('descendants come in pages, from the block that was asked for, for as long as the client wants them', async () => {
  const id = await follow()
  const { hash } = localnet.node.head
  const all = (await client.call('state_getKeys', [system.Account.prefix])) as string[]
  const items = [{ key: system.Account.prefix, type: 'descendantsValues' }]
  const events = await operation(id, 'chainHead_v1_storage', [hash, items, null])
  const operationId = events[0]!.operationId!
  // The chain moves on in between.
  await client.call('author_submitExtrinsic', [hex(signCall(localnet.node, alice, transferOf(accountOf(bob), 5n)))])
  await localnet.node.mine()
  const of = () => eventsOf(id).filter((event) => event.operationId === operationId)
  while (of().at(-1)!.event === 'operationWaitingForContinue') {
    const before = of().length
    await client.call('chainHead_v1_continue', [id, operationId])
    await client.until(() => of().length >= before + 2)
  }
  const found = of().flatMap((event) => (event.items ?? []) as { key: string; value: string }[])
  expect(found.map(({ key }) => key)).toEqual(all)
  expect(of().filter(({ event }) => event === 'operationWaitingForContinue')).toHaveLength(2)
  const old = found.find(({ key }) => key === accountKey)!.value
  expect(old).toBe(await client.call('state_getStorage', [accountKey, hash]))
  expect(old).not.toBe(await client.call('state_getStorage', [accountKey]))
  const rest = [{ key: system.Account.prefix, type: 'descendantsHashes', paginationStartKey: all.at(-3) }]
  const [last] = await operation(id, 'chainHead_v1_storage', [hash, rest, null])
  expect((last!.items as { key: string }[]).map(({ key }) => key)).toEqual(all.slice(-2))
  await client.call('chainHead_v1_unfollow', [id])
})

test('the runtime is called where the subscription is with runtime, and its refusals are told', async () => {
  const id = await follow()
  const { hash } = localnet.node.head
  const [version] = await operation(id, 'chainHead_v1_call', [hash, 'Core_version', ''])
  expect(version).toMatchObject({
    event: 'operationCallDone',
    output: await client.call('state_call', ['Core_version', '0x']),
  })
  const [unknown] = await operation(id, 'chainHead_v1_call', [hash, 'No_such', '0x'])
  expect(unknown).toMatchObject({ event: 'operationError', error: expect.stringContaining('No_such is not found') })
  const [malformed] = await operation(id, 'chainHead_v1_call', [hash, 'AccountNonceApi_account_nonce', '0x01'])
  expect(malformed!.event).toBe('operationError')
  const without = await follow(false)
  const refused = await client.request('chainHead_v1_call', [without, hash, 'Core_version', '0x'])
  expect(refused.error?.code).toBe(-32802)
  for (const one of [id, without]) await client.call('chainHead_v1_unfollow', [one])
})

test('unpinned, unknown and doubled blocks are refused by the codes of the specification', async () => {
  const id = await follow()
  const { hash } = localnet.node.head
  const code = async (method: string, params: unknown[]) => (await client.request(method, params)).error?.code
  expect(await code('chainHead_v1_unpin', [id, [hash, hash]])).toBe(-32804)
  expect(await code('chainHead_v1_unpin', [id, [hash, `0x${'77'.repeat(32)}`]])).toBe(-32801)
  expect(await code('chainHead_v1_unpin', [id, hash])).toBeUndefined()
  for (const [method, params] of Object.entries({
    chainHead_v1_unpin: [id, hash],
    chainHead_v1_header: [id, hash],
    chainHead_v1_body: [id, hash],
    chainHead_v1_call: [id, hash, 'Core_version', '0x'],
    chainHead_v1_storage: [id, hash, [], null],
  })) {
    expect([method, await code(method, params)]).toEqual([method, -32801])
  }
  expect(await code('chainHead_v1_continue', [id, '99'])).toBe(-32803)
  expect(await code('chainHead_v1_stopOperation', [id, '99'])).toBeUndefined()
  await client.call('chainHead_v1_unfollow', [id])
})

test('no more than so many subscriptions and unfinished operations at a time', async () => {
  const ids = [await follow(), await follow(), await follow(), await follow()]
  const fifth = await client.request('chainHead_v1_follow', [true])
  expect(fifth.error).toMatchObject({ code: -32800 })
  const [id] = ids as [string]
  const { hash } = localnet.node.head
  const items = [{ key: system.Account.prefix, type: 'descendantsHashes' }]
  const begun: string[] = []
  for (let i = 0; i < followLimits.operations; i++) {
    const [first] = await operation(id, 'chainHead_v1_storage', [hash, items, null])
    begun.push(first!.operationId!)
  }
  expect(await client.call('chainHead_v1_storage', [id, hash, items, null])).toEqual({ result: 'limitReached' })
  expect(await client.call('chainHead_v1_body', [id, hash])).toEqual({ result: 'limitReached' })
  await client.call('chainHead_v1_stopOperation', [id, begun[3]])
  expect((await client.request('chainHead_v1_continue', [id, begun[3]])).error?.code).toBe(-32803)
  await operation(id, 'chainHead_v1_body', [hash])
  for (const one of ids) await client.call('chainHead_v1_unfollow', [one])
})

test('a client that unpins nothing is stopped, one that unpins is not', async () => {
  const started = (unpins: boolean) => {
    const events: Event[] = []
    const made: Follow = new Follow({
      node: localnet.node,
      withRuntime: false,
      limits: { pinned: 32, operations: 1 },
      send: (event) => {
        events.push(event)
        if (unpins && event.event === 'finalized') made.unpin(event.finalizedBlockHashes as Hex32[])
      },
      end: () => stop(),
    })
    const stop = made.start()
    return events
  }
  const [careless, careful] = [started(false), started(true)]
  await localnet.node.mine(40)
  expect(careless.at(-1)).toEqual({ event: 'stop' })
  expect(careless.filter(({ event }) => event === 'newBlock').length).toBeLessThan(40)
  expect(careful.filter(({ event }) => event === 'newBlock')).toHaveLength(40)
  await expect.poll(() => careful.at(-1)!.event).toBe('finalized')
})

test('a subscription stops before a block that it pins is forgotten', async () => {
  const small = await startLocalnet({ port: 0, interval: 'manual', keepBlocks: 5 })
  const other = await RpcClient.connect(small.endpoint)
  const id = (await other.call('chainHead_v1_follow', [true])) as string
  await small.node.mine(5)
  await other.until(() => eventsOf(id, other).at(-1)!.event === 'finalized')
  await small.node.mine(1)
  await other.until(() => eventsOf(id, other).at(-1)!.event === 'stop')
  other.close()
  await small.close()
})

test('a subscription stops at once when the chain goes back, and a new one begins with the blocks that are left', async () => {
  const { node } = localnet
  await node.mine(2)
  const { hash } = node.head
  const snapshot = node.snapshot()
  const id = await follow()
  await node.mine(3)
  const { hash: gone } = node.head
  const final = () => eventsOf(id).flatMap(({ finalizedBlockHashes: hashes = [] }) => hashes as string[])
  // Those of the beginning, and the three, whether they were told one by one or together.
  await client.until(() => final().at(-1) === gone)
  const heard = eventsOf(id).length
  expect(await client.call('localnet_revert', [snapshot])).toMatchObject({ hash })
  await client.until(() => eventsOf(id).at(-1)!.event === 'stop')
  expect(await client.call('chainHead_v1_body', [id, hash])).toEqual({ result: 'limitReached' })
  const next = await follow()
  expect(eventsOf(next)[1]).toEqual({ event: 'bestBlockChanged', bestBlockHash: hash })
  expect((await client.request('chainHead_v1_header', [next, gone])).error?.code).toBe(-32801)
  await node.mine()
  await client.until(() => eventsOf(next).at(-1)!.event === 'finalized')
  expect(eventsOf(next)[2]).toMatchObject({ event: 'newBlock', blockHash: node.head.hash, parentBlockHash: hash })
  // The first one heard no more.
  expect(eventsOf(id)).toHaveLength(heard + 1)
  await client.call('chainHead_v1_unfollow', [next])
})

test('the archive has every kept block and state, by height and by hash', async () => {
  const { node } = localnet
  const { hash, extrinsics } = node.blocks.block(2)!
  expect(await client.call('archive_v1_genesisHash')).toBe(node.genesisHash)
  expect(await client.call('archive_v1_finalizedHeight')).toBe(node.head.header.number)
  expect(await client.call('archive_v1_hashByHeight', [2])).toEqual([hash])
  expect(await client.call('archive_v1_hashByHeight', [4_000_000])).toEqual([])
  expect(await client.call('archive_v1_body', [hash])).toEqual(extrinsics.map(hex))
  const encoded = (await client.call('archive_v1_header', [hash])) as string
  expect(hashHex(Buffer.from(encoded.slice(2), 'hex'))).toBe(hash)
  const nowhere = `0x${'12'.repeat(32)}`
  for (const method of ['archive_v1_header', 'archive_v1_body']) expect(await client.call(method, [nowhere])).toBeNull()
  expect(await client.call('archive_v1_call', [nowhere, 'Core_version', '0x'])).toBeNull()
  const value = await client.call('state_call', ['Core_version', '0x'])
  expect(await client.call('archive_v1_call', [hash, 'Core_version', '0x'])).toEqual({ success: true, value })
  expect(await client.call('archive_v1_call', [hash, 'No_such', '0x'])).toMatchObject({ success: false })
  const items = [
    { key: system.Account.prefix, type: 'descendantsHashes' },
    { key: accountKey, type: 'value' },
  ]
  const id = (await client.call('archive_v1_storage', [hash, items, null])) as string
  await client.until(() => eventsOf(id).at(-1)?.event === 'storageDone')
  const keys = (await client.call('state_getKeys', [system.Account.prefix, hash])) as string[]
  const found = eventsOf(id).slice(0, -1)
  expect(found.map(({ key }) => key)).toEqual([...keys, accountKey])
  expect(found.at(-1)!.value).toBe(await client.call('state_getStorage', [accountKey, hash]))
  const failed = (await client.call('archive_v1_storage', [nowhere, items, null])) as string
  await client.until(() => eventsOf(failed).length > 0)
  expect(eventsOf(failed)).toMatchObject([{ event: 'storageError', error: expect.stringContaining('not found') }])
  const stopped = (await client.call('archive_v1_storage', [hash, items, null])) as string
  expect(await client.call('archive_v1_stopStorage', [stopped])).toBeNull()
})

test('broadcast extrinsics get into blocks without a word; there is a limit to them', async () => {
  const { node } = localnet
  const bytes = hex(signCall(node, alice, transferOf(accountOf(bob), 6n)))
  const id = await client.call('transaction_v1_broadcast', [bytes])
  expect(id).toMatch(/./)
  await node.mine()
  expect(node.head.extrinsics.map(hex)).toContain(bytes)
  expect(await client.call('transaction_v1_stop', [id])).toBeNull()
  expect((await client.request('transaction_v1_stop', [id])).error?.code).toBe(-32602)
  const others: unknown[] = []
  // What is no extrinsic at all is broadcast as silently.
  for (let i = 0; i < 16; i++) others.push(await client.call('transaction_v1_broadcast', ['0x0102']))
  expect(await client.call('transaction_v1_broadcast', ['0x0102'])).toBeNull()
  for (const one of others) await client.call('transaction_v1_stop', [one])
  expect((await client.request('transaction_v1_broadcast', ['no hex'])).error?.code).toBe(-32602)
})

test('a broadcast extrinsic that the pool has no room for is tried again until it has', async () => {
  const { node } = localnet
  const nonce = node.pool.nextNonce(accountOf(alice))
  // As many that wait for others as the pool holds; nobody looks at what is in them.
  const filling = Array.from({ length: 819 }, (_, i): Hex32 => `0x${String(i).padStart(64, '0')}`)
  for (const [i, hash] of filling.entries()) {
    const signed = { signer: accountOf(dave), nonce: 1_000 + i }
    const extrinsic = { hash, bytes: new Uint8Array(100), signed } as Candidate['extrinsic']
    node.pool.submit({ extrinsic, priority: 1n, deathBlock: Number.POSITIVE_INFINITY })
  }
  const call = transferOf(accountOf(bob), 8n)
  const [first, second] = [0, 1].map((i) => hex(signCall(node, alice, call, { nonce: nonce + i })))
  const id = await client.call('transaction_v1_broadcast', [second])
  await node.mine()
  expect(node.pool.futureCount).toBe(819)
  node.pool.reject(filling)
  await node.mine()
  expect(node.pool.futureCount).toBe(1)
  await client.call('transaction_v1_broadcast', [first])
  await node.mine()
  // A pulse of the beacon may stand behind them.
  expect(node.head.extrinsics.map(hex).slice(1, 3)).toEqual([first, second])
  expect(await client.call('transaction_v1_stop', [id])).toBeNull()
})

test('which chain this is', async () => {
  expect(await client.call('chainSpec_v1_chainName')).toBe('Bittensor')
  expect(await client.call('chainSpec_v1_genesisHash')).toBe(localnet.node.genesisHash)
  expect(await client.call('chainSpec_v1_properties')).toMatchObject({ tokenSymbol: 'TAO' })
})
