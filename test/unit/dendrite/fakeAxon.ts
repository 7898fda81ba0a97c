import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { type AxonKey, generateAxonKey } from '../../../src/axon/axonKey.ts'
import { selfSignedCertificate } from '../../../src/axon/certificate.ts'
import type { Target } from '../../../src/dendrite/target.ts'
import type { AskMessage, CallerMessage } from '../../../src/wire/callerMessage.ts'
import { fingerprint, genesis, netuid, signerOf } from '../axon/axonWorld.ts'

export interface FakeAxon {
  readonly target: Target
  readonly key: AxonKey
  /** Messages after the hello. */
  readonly heard: CallerMessage[]
  connections: number
}

export interface FakeAxonOptions {
  /** Bytes of application data that it got, of whatever connection. */
  readonly onBytes?: (count: number) => void
  /** TLS is there, and nothing else yet. */
  readonly onSecure?: (socket: Socket) => void
  /** In place of the welcome, or in it. */
  readonly onHello?: (ws: WebSocket, welcome: object) => void
  readonly onAsk?: (ws: WebSocket, ask: AskMessage) => void
  /** Answers pings. Default true. */
  readonly isAwake?: boolean
  readonly limits?: object
}

/** An axon that says whatever the test wants: right key, right upgrade, and from there on anything. */
export async function fakeAxon(options: FakeAxonOptions = {}): Promise<FakeAxon> {
  const key = generateAxonKey()
  const { address: hotkey } = await signerOf('//Alice')
  const heard: CallerMessage[] = []
  const server = createServer({
    key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: selfSignedCertificate(key.privateKey),
    minVersion: 'TLSv1.3',
  })
  const welcome = {
    type: 'welcome',
    protocol: 1,
    hotkey,
    genesis,
    netuid,
    domains: ['law'],
    models: [{ domain: 'law', name: 'law/fake', fingerprint }],
    limits: {
      maxFrameBytes: 65_536,
      maxPending: 8,
      maxDeadlineMs: 60_000,
      heartbeatMs: 15_000,
      idleMs: 60_000,
      ...options.limits,
    },
  }
  const fake = { key, heard, connections: 0, target: { host: '127.0.0.1', port: 0, publicKey: key.publicKey, hotkey } }
  server.on('connection', () => fake.connections++)
  server.on('secureConnection', (socket: Socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => options.onBytes?.(chunk.length))
    options.onSecure?.(socket)
  })
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, autoPong: options.isAwake !== false })
  sockets.on('connection', (ws) => {
    ws.on('error', () => undefined)
    ws.once('message', () => {
      if (options.onHello !== undefined) options.onHello(ws, welcome)
      else ws.send(JSON.stringify(welcome))
      ws.on('message', (data) => {
        const message = JSON.parse(data.toString()) as CallerMessage
        heard.push(message)
        if (message.type === 'ping' && options.isAwake !== false) ws.send('{"type":"pong"}')
        if (message.type === 'ask') options.onAsk?.(ws, message)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const ws of sockets.clients) ws.terminate()
    sockets.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(fake, { target: { ...fake.target, port } })
}
