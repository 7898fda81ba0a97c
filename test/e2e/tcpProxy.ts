import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy in front of a server on 127.0.0.1, to break connections on purpose. */
export interface TcpProxy {
  readonly port: number
  /** Its address as a WebSocket endpoint. */
  readonly endpoint: string
  /** Connections that are open now. */
  connections(): number
  /** Stops forwarding in both directions while every socket stays open, as when a cable is pulled. */
  freeze(): void
  thaw(): void
  /** Ends the connections of now, at once; new ones are taken. */
  cut(): void
  /** Ends everything and frees the port. */
  close(): Promise<void>
}

/** @param port of the server to forward to */
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let frozen = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      if (frozen) from.pause()
      from.on('data', (data) => to.write(data))
      // The other side hears of an end only through the proxy, so not while it is frozen.
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
      from.on('error', () => from.destroy())
    }
    if (frozen) far.pause()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const [near, far] of pairs) {
      near.destroy()
      far.destroy()
    }
  }
  const { port: own } = server.address() as AddressInfo
  return {
    port: own,
    endpoint: `ws://127.0.0.1:${own}`,
    connections: () => pairs.size,
    freeze() {
      frozen = true
      for (const [near, far] of pairs) {
        near.pause()
        far.pause()
      }
    },
    thaw() {
      frozen = false
      for (const [near, far] of pairs) {
        near.resume()
        far.resume()
      }
    },
    cut,
    async close() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
