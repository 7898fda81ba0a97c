import { connect } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Localnet, type LocalnetOptions, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { post, RpcClient } from './rpcClient.ts'

let localnet: Localnet | undefined
const notes: string[] = []

async function start(options: LocalnetOptions = {}): Promise<Localnet> {
  notes.length = 0
  localnet = await startLocalnet({ port: 0, interval: 'manual', note: (line) => notes.push(line), ...options })
  return localnet
}

afterEach(async () => {
  await localnet?.close()
  localnet = undefined
})

async function expectAlive({ endpoint }: Localnet): Promise<void> {
  expect((await post(endpoint, '{"jsonrpc":"2.0","id":1,"method":"system_chain"}')).body).toMatchObject({
    result: 'Bittensor',
  })
  expect(notes).toEqual([])
}

test('ten thousand pieces of garbage each get a clear error, and the node stays up', async () => {
  const node = await start()
  const client = await RpcClient.connect(node.endpoint)
  const methods = ((await client.call('rpc_methods')) as { methods: string[] }).methods.filter(
    (name) => !name.startsWith('localnet_'),
  )
  const request = fc.record({
    jsonrpc: fc.constant('2.0'),
    // Never the id of a request that the client itself waits for.
    id: fc.integer({ min: 1_000 }),
    method: fc.oneof(fc.constantFrom(...methods), fc.string()),
    params: fc.oneof(
      fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant('0x00'), fc.jsonValue()), { maxLength: 4 }),
      fc.jsonValue(),
    ),
  })
  const garbage = fc.oneof(
    fc.string(),
    fc.json(),
    request.map((one) => JSON.stringify(one)),
    fc.array(request, { maxLength: 3 }).map((batch) => JSON.stringify(batch)),
  )
  const before = client.replies.length
  const sent = fc.sample(garbage, { numRuns: 10_000, seed: 7 })
  for (const text of sent) client.socket.send(text)
  await client.call('system_chain')
  const codes = new Set(client.replies.slice(before).flatMap(({ error }) => (error === undefined ? [] : [error.code])))
  // No internal error among them.
  for (const code of codes) expect([-32700, -32600, -32601, -32602, -32800, 1001, 1010, 4002, 4003]).toContain(code)
  expect(client.replies.length - before).toBeGreaterThan(9_000)
  client.close()
  await expectAlive(node)
})

test('subscriptions, batches, bodies and connections beyond the limits are refused', async () => {
  const limits = { subscriptions: 3, batch: 2, payloadBytes: 2_000, connections: 2 }
  const node = await start({ limits })
  const client = await RpcClient.connect(node.endpoint)
  for (let i = 0; i < 3; i++) await client.call('chain_subscribeNewHeads')
  expect((await client.request('chain_subscribeNewHeads')).error?.code).toBe(-32006)
  const one = '{"jsonrpc":"2.0","id":1,"method":"system_chain"}'
  expect((await post(node.endpoint, `[${one},${one},${one}]`)).body).toMatchObject({ error: { code: -32600 } })
  const large = await fetch(node.endpoint.replace('ws:', 'http:'), { method: 'POST', body: 'x'.repeat(3_000) })
  expect(large.status).toBe(413)
  const second = await RpcClient.connect(node.endpoint)
  await expect(RpcClient.connect(node.endpoint)).rejects.toThrow('429')
  const closed = new Promise<number>((resolve) => second.socket.once('close', resolve))
  second.socket.send('x'.repeat(3_000))
  expect(await closed).toBe(1009)
  const third = await RpcClient.connect(node.endpoint)
  third.close()
  client.close()
  await expectAlive(node)
})

test('a client that does not read is cut off before it fills the memory', async () => {
  const node = await start({ limits: { pauseBytes: 100_000, closeBytes: 1_000_000 } })
  const socket = new WebSocket(node.endpoint, { perMessageDeflate: false })
  await new Promise((resolve) => socket.once('open', resolve))
  // Many subscriptions, so that few blocks fill what the system itself buffers between the two sockets.
  for (let id = 1; id <= 50; id++) {
    socket.send(`{"jsonrpc":"2.0","id":${id},"method":"state_subscribeStorage","params":[]}`)
  }
  socket.send('{"jsonrpc":"2.0","id":51,"method":"chain_subscribeNewHeads","params":[]}')
  await new Promise<void>((resolve) => {
    let answers = 0
    socket.on('message', (data) => String(data).includes('"id"') && ++answers === 51 && resolve())
  })
  socket.pause()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // A paused socket does not hear that it was closed, so there is nothing to stop at.
  for (let i = 0; i < 30; i++) await node.node.mine(50)
  socket.resume()
  await closed
  await expectAlive(node)
})

test('a client that asks for much and reads late is answered all the same, in bounded memory', async () => {
  const node = await start({ limits: { pauseBytes: 100_000, closeBytes: 50_000_000 } })
  const client = await RpcClient.connect(node.endpoint)
  client.socket.pause()
  for (let i = 0; i < 60; i++) void client.request('state_getMetadata')
  await new Promise((resolve) => setTimeout(resolve, 50))
  client.socket.resume()
  await client.until(() => client.replies.length === 60)
  client.close()
  await expectAlive(node)
})

test('broken frames and half-sent requests harm nobody', async () => {
  const node = await start()
  const url = new URL(node.endpoint)
  for (const text of [
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n{',
    '\u0000\u0001',
  ]) {
    const socket = connect(Number(url.port), url.hostname)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.write(text)
    await new Promise((resolve) => setTimeout(resolve, 10))
    socket.on('error', () => undefined)
    socket.destroy()
  }
  const client = await RpcClient.connect(node.endpoint)
  client.socket.on('error', () => undefined)
  const closed = new Promise((resolve) => client.socket.once('close', resolve))
  // A frame with reserved bits set.
  ;(client.socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(
    Buffer.from([0xff, 0xff, 0, 1]),
  )
  await closed
  await expectAlive(node)
})

test('the dev methods are refused where others can connect, unless that is wanted', async () => {
  const mine = '{"jsonrpc":"2.0","id":1,"method":"localnet_mine","params":[1]}'
  const open = await start({ host: '0.0.0.0' })
  const local = `ws://127.0.0.1:${open.port}`
  expect((await post(local, mine)).body).toMatchObject({
    error: { code: -32601, message: expect.stringContaining('unsafe') },
  })
  expect((await post(local, '{"jsonrpc":"2.0","id":1,"method":"system_chain"}')).body).toMatchObject({
    result: 'Bittensor',
  })
  await open.close()
  const allowed = await start({ host: '0.0.0.0', allowUnsafe: true })
  expect((await post(`ws://127.0.0.1:${allowed.port}`, mine)).body).toMatchObject({ result: { number: 1 } })
})

test('a port that is in use is reported, and a closed node frees its port at once', async () => {
  const first = await start()
  const { port } = first
  await expect(startLocalnet({ port, interval: 'manual' })).rejects.toThrow('EADDRINUSE')
  const client = await RpcClient.connect(first.endpoint)
  const closed = new Promise((resolve) => client.socket.once('close', resolve))
  await first.close()
  await closed
  const next = await startLocalnet({ port, interval: 'manual' })
  expect(next.port).toBe(port)
  await next.close()
})
