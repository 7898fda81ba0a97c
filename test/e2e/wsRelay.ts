import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

/** A WebSocket relay in front of a node, which can say things that the node did not. */
export interface WsRelay {
  readonly endpoint: string
  /** Methods that clients have called. */
  readonly methods: string[]
  /** Results in place of the node's own, by method. */
  readonly lies: Map<string, unknown>
  /** Notifies every subscription that was made with this method. */
  notify(subscribeMethod: string, notificationMethod: string, result: unknown): void
  close(): Promise<void>
}

export async function startWsRelay(target: string): Promise<WsRelay> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const methods: string[] = []
  const lies = new Map<string, unknown>()
  const subscriptions: { method: string; id: unknown; client: WebSocket }[] = []
  server.on('connection', (client) => {
    const node = new WebSocket(target)
    const asked = new Map<number, string>()
    const early: string[] = []
    client.on('message', (data) => {
      const { id, method } = JSON.parse(String(data)) as { id: number; method: string }
      methods.push(method)
      asked.set(id, method)
      if (node.readyState === WebSocket.OPEN) node.send(String(data))
      else early.push(String(data))
    })
    node.on('open', () => {
      for (const text of early) node.send(text)
    })
    node.on('message', (data) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
      const method = asked.get(id ?? -1)
      if (method?.includes('_subscribe')) subscriptions.push({ method, id: result, client })
      const isLie = method !== undefined && lies.has(method)
      client.send(isLie ? JSON.stringify({ jsonrpc: '2.0', id, result: lies.get(method) }) : String(data))
    })
    client.on('close', () => node.terminate())
    node.on('close', () => client.terminate())
  })
  return {
    endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    methods,
    lies,
    notify(subscribeMethod, method, result) {
      for (const { id, client } of subscriptions.filter((one) => one.method === subscribeMethod)) {
        client.send(JSON.stringify({ jsonrpc: '2.0', method, params: { subscription: id, result } }))
      }
    },
    async close() {
      for (const client of server.clients) client.terminate()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
