import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Localnet, type LocalnetOptions, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { post, type Reply, RpcClient } from '../unit/localnet/rpcClient.ts'

const notes: string[] = []
const opened: { terminate?(): void; destroy?(): void }[] = []
let localnet: Localnet

async function start(options: LocalnetOptions = {}): Promise<Localnet> {
  notes.length = 0
  localnet = await startLocalnet({ port: 0, interval: 'manual', note: (line) => notes.push(line), ...options })
  return localnet
}

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate?.() ?? socket.destroy?.()
  await localnet.close()
})

/** An honest client is served, blocks are made, and nothing happened that we did not foresee. */
async function expectServes(): Promise<void> {
  const { number, hash } = await localnet.node.mine()
  const asked = `{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[${number}]}`
  expect((await post(`ws://127.0.0.1:${localnet.port}`, asked)).body).toMatchObject({ result: hash })
  expect(notes).toEqual([])
}

function tcp(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(localnet.port, '127.0.0.1')
    opened.push(socket)
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}

const upgrade = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n')

/** Asks for a WebSocket without the weight of a client. @returns the status that is answered, and the socket, open */
async function upgraded(): Promise<number> {
  const socket = await tcp()
  socket.write(upgrade)
  const text = await new Promise<string>((resolve, reject) => {
    socket.once('data', (data) => resolve(String(data)))
    socket.once('close', () => reject(new Error('closed without a word')))
  })
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)![1])
}

test('of three thousand connections a thousand are served and the rest are told that they are too many', async () => {
  await start()
  const statuses: number[] = []
  for (let round = 0; round < 6; round++) {
    statuses.push(...(await Promise.all(Array.from({ length: 500 }, () => upgraded()))))
  }
  expect(statuses.filter((status) => status === 101)).toHaveLength(1_000)
  expect(statuses.filter((status) => status === 429)).toHaveLength(2_000)
  await expectServes()
})

test('a place that becomes free is given away again', async () => {
  await start({ limits: { connections: 3 } })
  const clients = await Promise.all([1, 2, 3].map(() => RpcClient.connect(localnet.endpoint)))
  await expect(RpcClient.connect(localnet.endpoint)).rejects.toThrow('429')
  const gone = new Promise((resolve) => clients[0]!.socket.once('close', resolve))
  clients[0]!.socket.close()
  await gone
  const next = await RpcClient.connect(localnet.endpoint)
  expect(await next.call('system_chain')).toBe('Bittensor')
  for (const client of [...clients, next]) client.close()
  await expectServes()
})

test('who connects and never finishes a request is thrown out', async () => {
  await start({ limits: { requestMs: 200 } })
  const sockets = await Promise.all(Array.from({ length: 50 }, tcp))
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  for (const [i, socket] of sockets.entries()) {
    socket.on('error', () => undefined).resume()
    if (i % 3 === 1) socket.write('POST / HTTP/1.1\r\nHost: l')
    if (i % 3 === 2) socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{')
  }
  await Promise.all(closed)
  await expectServes()
})

test('who does not take up its answer holds the place of a request only for so long', async () => {
  await start({ limits: { requestMs: 1_500, connections: 1 } })
  const keys = JSON.stringify(Array(7_000).fill(`0x${'ab'.repeat(1_000)}`))
  const body = `{"jsonrpc":"2.0","id":1,"method":"state_queryStorageAt","params":[${keys}]}`
  const socket = await tcp()
  socket.on('error', () => undefined).pause()
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  const status = async () => {
    const response = await fetch(localnet.endpoint.replace('ws:', 'http:'), { method: 'POST', body: '{}' })
    return response.status
  }
  while ((await status()) !== 429) await new Promise((resolve) => setTimeout(resolve, 10))
  const heldSince = performance.now()
  while ((await status()) === 429) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(performance.now() - heldSince).toBeGreaterThan(500)
  await expectServes()
})

test('a peer that does not answer pings is dropped, one that does is kept', async () => {
  await start({ limits: { pingMs: 60 } })
  const options = { perMessageDeflate: false }
  const dead = new WebSocket(localnet.endpoint, { ...options, autoPong: false })
  const silent = new WebSocket(localnet.endpoint, options)
  opened.push(dead, silent)
  let pings = 0
  silent.on('ping', () => pings++)
  await new Promise((resolve) => dead.once('close', resolve))
  while (pings < 4) await new Promise((resolve) => silent.once('ping', resolve))
  expect(silent.readyState).toBe(WebSocket.OPEN)
  await expectServes()
})

test('a flood of subscriptions ends at the limit of the node, and the room comes back with the connections', async () => {
  await start({ limits: { subscriptions: 40, totalSubscriptions: 100 } })
  const clients = await Promise.all([1, 2, 3].map(() => RpcClient.connect(localnet.endpoint)))
  const errors: NonNullable<Reply['error']>[] = []
  for (const client of clients) {
    const replies = await Promise.all(Array.from({ length: 60 }, () => client.request('state_subscribeStorage')))
    errors.push(...replies.flatMap(({ error }) => error ?? []))
  }
  expect(errors).toHaveLength(80)
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set([-32006]))
  expect(new Set(errors.map(({ message }) => message))).toEqual(
    new Set(['Too many subscriptions on the connection', 'Too many subscriptions on this node']),
  )
  const last = clients[2]!
  expect((await last.request('chain_subscribeNewHeads')).error?.message).toBe('Too many subscriptions on this node')
  for (const client of clients.slice(0, 2)) {
    const gone = new Promise((resolve) => client.socket.once('close', resolve))
    client.close()
    await gone
  }
  // The server hears of it a moment later.
  while ((await last.request('chain_subscribeNewHeads')).error !== undefined);
  last.close()
  await expectServes()
})

test('subscriptions cannot name more keys than there is room for', async () => {
  await start({ limits: { totalKeys: 25_000 } })
  const client = await RpcClient.connect(localnet.endpoint)
  const keys = Array.from({ length: 10_000 }, (_, i) => `0x${i.toString(16).padStart(8, '0')}`)
  const ids = [0, 1].map(() => client.call('state_subscribeStorage', [keys]))
  expect((await client.request('state_subscribeStorage', [keys])).error).toMatchObject({
    code: -32006,
    message: 'Too many subscriptions with so many keys on this node',
  })
  expect((await client.request('state_subscribeStorage', [keys.slice(0, 5_000)])).error).toBeUndefined()
  expect(await client.call('state_unsubscribeStorage', [await ids[0]])).toBe(true)
  expect((await client.request('state_subscribeStorage', [keys])).error).toBeUndefined()
  client.close()
  await expectServes()
})

test('subscriptions that were asked for by a connection that is gone do not stay', async () => {
  await start({ limits: { totalSubscriptions: 500 } })
  for (let i = 0; i < 4; i++) {
    const client = await RpcClient.connect(localnet.endpoint)
    const batch = Array.from({ length: 400 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'chain_subscribeNewHeads' }))
    // Under way for a while, in which the connection ends, before it comes to the subscriptions.
    const slow = { jsonrpc: '2.0', id: -1, method: 'localnet_mine', params: [150] }
    client.socket.send(JSON.stringify([slow, ...batch]), () => client.close())
    await new Promise((resolve) => client.socket.once('close', resolve))
  }
  // The blocks that were asked for are made all the same; only then comes the rest of each batch.
  while (localnet.node.head.header.number < 4 * 150) await new Promise((resolve) => setTimeout(resolve, 10))
  const client = await RpcClient.connect(localnet.endpoint)
  let free = 0
  while (free < 500 && (await client.request('state_subscribeStorage')).error === undefined) free++
  expect(free).toBe(500)
  client.close()
  await expectServes()
})

test('what is held back until an answer is out does not pile up without end', async () => {
  await start({ limits: { closeBytes: 2_000_000 } })
  const client = await RpcClient.connect(localnet.endpoint)
  for (let i = 0; i < 20; i++) await client.call('state_subscribeStorage')
  const closed = new Promise((resolve) => client.socket.once('close', resolve))
  // While this is answered, every block is news for every subscription.
  void client.request('localnet_mine', [2_000])
  await closed
  await expectServes()
})

test('a page from elsewhere, reaching loopback through a browser, may not call the dev methods', async () => {
  await start()
  const mine = '{"jsonrpc":"2.0","id":1,"method":"localnet_mine"}'
  const url = localnet.endpoint.replace('ws:', 'http:')
  const from = async (origin: string): Promise<unknown> => {
    const response = await fetch(url, { method: 'POST', body: mine, headers: { origin } })
    return await response.json()
  }
  for (const origin of ['https://example.com', 'http://localhost.example.com', 'http://127.0.0.1.nip.io', 'null']) {
    expect(await from(origin)).toMatchObject({ error: { code: -32601, message: expect.stringContaining('unsafe') } })
    const socket = new WebSocket(localnet.endpoint, { origin, perMessageDeflate: false })
    opened.push(socket)
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(mine)
    const answer = await new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))))
    expect(answer).toMatchObject({ error: { code: -32601 } })
  }
  expect(localnet.node.head.header.number).toBe(0)
  for (const origin of ['http://localhost:5173', 'http://127.0.0.1', 'http://[::1]:3000']) {
    expect(await from(origin)).toMatchObject({ result: { hash: expect.any(String) } })
  }
  await expectServes()
})

test('on other interfaces no method that only a developer may call is served, unless that is wanted', async () => {
  const call = (name: string, params: readonly unknown[] = []) =>
    post(`ws://127.0.0.1:${localnet.port}`, JSON.stringify({ jsonrpc: '2.0', id: 1, method: name, params }))
  for (const host of ['0.0.0.0', '::']) {
    await start({ host })
    const { body } = await call('rpc_methods')
    const { methods } = (body as { result: { methods: string[] } }).result
    const unsafe = methods.filter((name) => /^(localnet_|author_removeExtrinsic$|system_dryRun)/.test(name))
    expect(unsafe.length).toBeGreaterThan(3)
    for (const name of unsafe) {
      // Refused before anything looks at the parameters.
      const { body: refused } = await call(name, ['nonsense'])
      expect([name, refused]).toEqual([
        name,
        { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'RPC call is unsafe to be called externally' } },
      ])
    }
    await expectServes()
    await localnet.close()
    await start({ host, allowUnsafe: true })
    expect((await call('localnet_mine')).body).toMatchObject({ result: { number: 1 } })
    if (host !== '::') await localnet.close()
  }
})
