import { createHash } from 'node:crypto'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { SocketProvider } from '../../../src/chain/socketProvider.ts'
import { type FakeCall, startFakeNode } from './fakeNode.ts'

async function provider(endpoints: string[], timeoutMs = 2_000): Promise<SocketProvider> {
  const made = new SocketProvider({ endpoints, timeoutMs, attemptMs: 2_000, heartbeatMs: 60_000 })
  onTestFinished(() => made.disconnect())
  await made.connect()
  return made
}

test.each(['null', '{"jsonrpc":"2.0","method":"state_storage","params":null}', '{"jsonrpc":"2.0","params":7}', '7'])(
  'a node that sends %s is left for the next one, and the process goes on',
  async (text) => {
    const mad = await startFakeNode('0xaa', (call) => call.send(text))
    const sane = await startFakeNode('0xaa', (call) => call.answer(7))
    const chain = await provider([mad.endpoint, sane.endpoint])
    expect(await chain.send('anything', [])).toBe(7)
  },
)

test('news that its listener cannot read ends the connection, not the process', async () => {
  const begin = (call: FakeCall): void => {
    call.answer('S')
    call.notify('S', null)
  }
  const mad = await startFakeNode('0xaa', begin)
  const sane = await startFakeNode('0xaa', (call) => {
    call.answer('S')
    call.notify('S', { number: 3 })
  })
  const chain = await provider([mad.endpoint, sane.endpoint])
  const heard: unknown[] = []
  await chain.subscribe('state_storage', 'state_subscribeStorage', [], (_error, result) => {
    heard.push((result as { number: number }).number)
  })
  await vi.waitFor(() => expect(heard).toEqual([3]))
})

/** Speaks WebSocket by hand: the answer to the first question and a frame that is none, in one go. */
async function startBreakingNode(): Promise<{ endpoint: string; connections: () => number }> {
  let connections = 0
  const server = createServer((socket: Socket) => {
    connections++
    socket.on('error', () => undefined)
    let isOpen = false
    socket.on('data', (data) => {
      if (isOpen) {
        const text = Buffer.from('{"jsonrpc":"2.0","id":0,"result":"0xaa"}')
        // A text frame, and one with reserved bits set.
        socket.write(Buffer.concat([Buffer.of(0x81, text.length), text, Buffer.of(0xff, 0x00)]))
        return
      }
      isOpen = true
      const key = /Sec-WebSocket-Key: (.*)\r\n/i.exec(String(data))![1]!
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections }
}

test('a node whose connection breaks in the moment of its first answer is left for the next one', async () => {
  const breaking = await startBreakingNode()
  const sane = await startFakeNode('0xaa', (call) => call.answer(7))
  const chain = await provider([breaking.endpoint, sane.endpoint])
  expect(await chain.send('anything', [])).toBe(7)
  expect(breaking.connections()).toBe(1)
})

test('a subscription that is ended while it is being renewed stays ended', async () => {
  const node = await startFakeNode()
  const chain = await provider([node.endpoint])
  const heard: unknown[] = []
  const subscribing = chain.subscribe('state_storage', 'state_subscribeStorage', [], (_error, result) =>
    heard.push(result),
  )
  ;(await node.called(1)).answer('A')
  const id = await subscribing
  node.drop()
  const renewed = await node.called(2)
  expect(await chain.unsubscribe('state_storage', 'state_unsubscribeStorage', id)).toBe(true)
  renewed.answer('B')
  renewed.notify('B', 1)
  const marker = chain.send('marker', [])
  ;(await node.called(3)).answer(true)
  await marker
  expect(heard).toEqual([])
})

test('news of an ended subscription is not kept for another that gets its name', async () => {
  const node = await startFakeNode()
  const chain = await provider([node.endpoint])
  const heard: unknown[] = []
  const subscribe = (): Promise<string> =>
    chain.subscribe('state_storage', 'state_subscribeStorage', [], (_error, result) => heard.push(result))
  const first = subscribe()
  ;(await node.called(1)).answer('A')
  const ending = chain.unsubscribe('state_storage', 'state_unsubscribeStorage', await first)
  const end = await node.called(2)
  end.notify('A', 1)
  end.answer(true)
  await ending
  const second = subscribe()
  ;(await node.called(3)).answer('A')
  await second
  node.calls[2]!.notify('A', 2)
  await vi.waitFor(() => expect(heard).toEqual([2]))
})

test('a node that ends each connection at once is not asked again without a pause', async () => {
  const node = await startFakeNode('0xaa', (call) => call.drop())
  const chain = await provider([node.endpoint], 900)
  await expect(chain.send('anything', [])).rejects.toThrow('no answer from the chain')
  // 0.2 s, then 0.4 s apart; always 0.1 s apart there would be nine.
  expect(node.calls.length).toBeLessThan(6)
})
