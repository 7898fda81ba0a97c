import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'

export interface FakeCall {
  readonly method: string
  readonly params: readonly unknown[]
  /** Which connection it came on, from 0. */
  readonly connection: number
  answer(result: unknown): void
  refuse(code: number, message: string, data?: unknown): void
  /** Sends anything on the connection of the call. */
  send(text: string): void
  /** A notification of a subscription. */
  notify(subscription: unknown, result: unknown): void
  /** Breaks the connection of the call. */
  drop(): void
}

export interface FakeNode {
  readonly endpoint: string
  /** Every call except the first question of each connection, for the genesis. */
  readonly calls: FakeCall[]
  /** Resolves when there have been so many calls. */
  called(count: number): Promise<FakeCall>
  /** Breaks all connections. */
  drop(): void
}

/** A node that does what the test says; by itself it only tells its genesis. */
export async function startFakeNode(genesis = '0xaa', onCall?: (call: FakeCall) => void): Promise<FakeNode> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const calls: FakeCall[] = []
  let wake = (): void => undefined
  let connections = 0
  server.on('connection', (socket: WebSocket) => {
    const connection = connections++
    socket.on('message', (data) => {
      const { id, method, params } = JSON.parse(String(data)) as { id: number; method: string; params: unknown[] }
      const reply = (body: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', ...body }))
      if (method === 'chain_getBlockHash') return reply({ id, result: genesis })
      const call: FakeCall = {
        method,
        params,
        connection,
        answer: (result) => reply({ id, result }),
        refuse: (code, message, detail) => reply({ id, error: { code, message, data: detail } }),
        send: (text) => socket.send(text),
        notify: (subscription, result) => reply({ method: 'state_storage', params: { subscription, result } }),
        drop: () => socket.terminate(),
      }
      calls.push(call)
      onCall?.(call)
      wake()
    })
  })
  const drop = (): void => {
    for (const socket of server.clients) socket.terminate()
  }
  onTestFinished(() => {
    drop()
    server.close()
  })
  return {
    endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async called(count) {
      while (calls.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return calls[count - 1]!
    },
    drop,
  }
}
