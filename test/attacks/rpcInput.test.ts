import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pairFromUri } from '../../src/keys/derive.ts'
import type { Call } from '../../src/localnet/pallet.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { post, type Reply, RpcClient } from '../unit/localnet/rpcClient.ts'
import { accountOf, alice, bob, hex, signCall, transferOf } from '../unit/localnet/signedCall.ts'

const notes: string[] = []
let localnet: Localnet
let client: RpcClient

beforeAll(async () => {
  const limits = { responseCharacters: 2_000_000 }
  localnet = await startLocalnet({ port: 0, interval: 'manual', limits, note: (line) => notes.push(line) })
  client = await RpcClient.connect(localnet.endpoint)
})

afterAll(async () => {
  client.close()
  await localnet.close()
})

// After each attack: the same connection still works, and nothing happened that we did not foresee.
afterEach(async () => {
  expect(await client.call('system_chain')).toBe('Bittensor')
  const { number } = await localnet.node.mine()
  expect(await client.call('chain_getBlockHash', [number])).toBe(localnet.node.head.hash)
  expect(notes).toEqual([])
})

const transfer = transferOf(accountOf(bob), 5n)

/** Sends each text as a message of its own. @returns one answer a text */
async function answersTo(texts: readonly string[]): Promise<Reply[]> {
  const before = client.replies.length
  for (const text of texts) client.socket.send(text)
  await client.until(() => client.replies.length >= before + texts.length)
  return client.replies.slice(before)
}

const request = (id: number, method: string, params: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

test('JSON that is nested without end is refused before anything walks it', async () => {
  const deep = 1_000_000
  const texts = [
    '['.repeat(deep),
    `${'['.repeat(deep)}${']'.repeat(deep)}`,
    '{"a":'.repeat(deep),
    `{"jsonrpc":"2.0","id":1,"method":"system_chain","params":${'['.repeat(deep)}${']'.repeat(deep)}}`,
  ]
  for (const { id, error } of await answersTo(texts)) {
    expect([id, error]).toEqual([null, { code: -32700, message: 'Parse error', data: 'nested deeper than 128 levels' }])
  }
  const { body } = await post(localnet.endpoint, texts[1]!)
  expect(body).toMatchObject({ error: { code: -32700 } })
  // Brackets inside a text are text.
  const [quoted] = await answersTo([request(1_000, 'system_chain', [null, `\\"${'['.repeat(1_000)}`])])
  expect(quoted!.error?.code).toBe(-32602)
})

test('answers that would be too large are refused, one by one and as a batch', async () => {
  const { length } = (await client.call('state_getMetadata')) as string
  const metadata = { jsonrpc: '2.0', method: 'state_getMetadata' }
  const count = Math.ceil(2_000_000 / length) + 1
  const batch = Array.from({ length: count }, (_, i) => ({ ...metadata, id: 2_000 + i }))
  const [refused] = await answersTo([JSON.stringify(batch)])
  expect(refused).toMatchObject({ id: null, error: { code: -32011, message: 'The batch response was too large' } })
  const everything = request(3_000, 'state_queryStorageAt', [Array(10_000).fill(`0x${'ab'.repeat(120)}`)])
  const [large] = await answersTo([everything])
  expect(large).toMatchObject({ id: 3_000, error: { code: -32008, message: 'Response is too big' } })
})

test('extrinsics cut short, drawn out or with bytes changed anywhere are refused by code', async () => {
  const good = signCall(localnet.node, alice, transfer)
  const damage = fc.oneof(
    fc.nat(good.length - 1).map((length) => good.slice(0, length)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((tail) => Buffer.concat([good, tail])),
    fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
      const damaged = good.slice()
      damaged[at]! ^= bits
      return damaged
    }),
    fc.uint8Array({ maxLength: 200 }),
  )
  const methods = ['author_submitExtrinsic', 'author_submitAndWatchExtrinsic', 'system_dryRun', 'payment_queryInfo']
  const texts = fc.sample(damage, { numRuns: 1_000, seed: 11 }).map((bytes, i) => {
    return request(10_000 + i, methods[i % methods.length]!, [hex(bytes)])
  })
  const codes = new Set((await answersTo(texts)).map(({ error }) => error?.code))
  // Two of the methods have an answer for what only decodes; nothing damaged gets into the pool.
  expect([...codes].filter((code) => ![undefined, -32602, 1001, 1010, 1011, 1012].includes(code))).toEqual([])
  expect(localnet.node.pool.extrinsics()).toEqual([])
})

test('every runtime API takes any bytes as arguments, by either way of calling it', async () => {
  const follow = (await client.call('chainHead_v1_follow', [true])) as string
  const { runtime, head } = localnet.node
  const names = runtime.apis.flatMap(({ name, methods }) => Object.keys(methods).map((method) => `${name}_${method}`))
  const inputs = fc.sample(fc.uint8Array({ maxLength: 120 }), { numRuns: 40, seed: 5 }).map(hex)
  const huge = '0xfeffffff' // A compact length of a thousand million.
  const texts = names.flatMap((name, n) =>
    [...inputs, huge, `0x02${huge.slice(2)}`].flatMap((input, i) => [
      request(100_000 + n * 1_000 + i, 'state_call', [name, input]),
      request(500_000 + n * 1_000 + i, 'chainHead_v1_call', [follow, head.hash, name, input]),
    ]),
  )
  const codes = new Set((await answersTo(texts)).map(({ error }) => error?.code))
  expect([...codes].filter((code) => ![undefined, -32602].includes(code))).toEqual([])
  await client.call('chainHead_v1_unfollow', [follow])
})

test('what cannot be valid is refused with the reason that the real node gives', async () => {
  const { node } = localnet
  await client.call('author_submitExtrinsic', [hex(signCall(node, alice, transfer))])
  await node.mine()
  const poor = await pairFromUri('//Nobody')
  const sudo: Call = { pallet: 'Sudo', name: 'sudo', args: { call: transfer } }
  const forged = signCall(node, alice, transfer)
  forged[60]! ^= 1
  const unknownCall = signCall(node, alice, transfer)
  // The call's last 36 bytes: pallet, call, kind of address, account, amount.
  unknownCall[unknownCall.length - 36] = 0xee
  const cases: readonly (readonly [bytes: Uint8Array, data: string | RegExp])[] = [
    [forged, 'Transaction has a bad signature'],
    [signCall(node, alice, transfer, { nonce: 0 }), 'Transaction is outdated'],
    [signCall(node, alice, transfer, { specVersion: 1 }), 'Transaction has a bad signature'],
    [signCall(node, alice, transfer, { checkpointHash: `0x${'11'.repeat(32)}` }), 'Transaction has a bad signature'],
    [signCall(node, poor, transfer), /^Inability to pay some fees/],
    [signCall(node, alice, transfer, { tip: 10n ** 18n }), /^Inability to pay some fees/],
    [signCall(node, bob, sudo), 'Invalid signing address'],
    [unknownCall, /^Transaction call is not expected/],
    [node.head.extrinsics[0]!, 'Transaction dispatch is mandatory; transactions must not be validated.'],
  ]
  for (const [bytes, data] of cases) {
    const { error } = await client.request('author_submitExtrinsic', [hex(bytes)])
    expect(error).toMatchObject({ code: 1010, message: 'Invalid Transaction' })
    if (typeof data === 'string') expect(error!.data).toBe(data)
    else expect(error!.data).toMatch(data)
  }
})

test('a batch of forgeries does not hold up blocks and other clients', async () => {
  const other = await RpcClient.connect(localnet.endpoint)
  const batch = Array.from({ length: 1_000 }, (_, i) => {
    const bytes = signCall(localnet.node, alice, transfer, { nonce: 100, tip: BigInt(i) })
    bytes[60]! ^= 1
    return { jsonrpc: '2.0', id: 20_000 + i, method: 'author_submitExtrinsic', params: [hex(bytes)] }
  })
  const before = client.replies.length
  client.socket.send(JSON.stringify(batch))
  let others = 0
  while (client.replies.length === before) {
    await other.call('system_chain')
    others++
  }
  // A batch in one go would have let one through, or two.
  expect(others).toBeGreaterThan(5)
  const replies = client.replies.slice(before)
  expect(replies).toHaveLength(1_000)
  for (const { error } of replies) expect(error?.code).toBe(1010)
  other.close()
})
