import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WebSocketServer } from 'ws'
import { generateAxonKey } from '../../src/axon/axonKey.ts'
import type { AxonLimits } from '../../src/axon/axonLimits.ts'
import { selfSignedCertificate } from '../../src/axon/certificate.ts'
import { startAxon } from '../../src/axon/startAxon.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import * as sr25519 from '../../src/keys/sr25519.ts'

export const genesis = `0x${'11'.repeat(32)}`
export const netuid = 1
const hash = '22'.repeat(32)

/**
 * `axon`: serves everybody, answers after `answerMs`. `tls`: TLS 1.3 with the same kind of key and one sr25519
 * verification a connection. `wss`: the same TLS and a WebSocket, one verification a message.
 */
export interface ServerOptions {
  readonly kind: 'axon' | 'tls' | 'wss'
  readonly answerMs?: number
  readonly limits?: Partial<AxonLimits>
}

/** What a server in a process of its own holds, after a collection. */
export interface Memory {
  /** JavaScript's heap and what hangs on it. */
  readonly heapBytes: number
  /** All of the process, OpenSSL's memory included. */
  readonly rssBytes: number
}

export interface BenchServer {
  readonly port: number
  readonly publicKey: Uint8Array
  /** SS58 address of the axon's hotkey. */
  readonly hotkey: string
  /** Processor time that it has used, in milliseconds. */
  cpuMs(): Promise<number>
  memory(): Promise<Memory>
  close(): Promise<void>
}

/** Starts a server in a process of its own: this file, run by itself. */
export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)])
  const { port, publicKey, hotkey } = (await reply(child)) as { port: number; publicKey: string; hotkey: string }
  return {
    port,
    publicKey: Buffer.from(publicKey, 'hex'),
    hotkey,
    cpuMs: async () => {
      child.send('cpuMs')
      return (await reply(child)) as number
    },
    memory: async () => {
      child.send('memory')
      return (await reply(child)) as Memory
    },
    close: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

async function reply(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController()
  const gone = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('the bench server ended')
  })
  try {
    return ((await Promise.race([once(child, 'message'), gone])) as unknown[])[0]
  } finally {
    gone.catch(() => undefined)
    ended.abort()
  }
}

async function serve({ kind, answerMs = 0, limits = {} }: ServerOptions): Promise<void> {
  const key = generateAxonKey()
  const pair = await pairFromUri('//Alice')
  const port = await (kind === 'axon' ? axonPort() : barePort())

  async function axonPort(): Promise<number> {
    const axon = await startAxon({
      host: '127.0.0.1',
      port: 0,
      key,
      hotkey: pair.address,
      genesis,
      netuid,
      domains: ['law'],
      models: [{ domain: 'law', name: 'law/echo', fingerprint: hash }],
      limits: { connectionsPerIp: { perMinute: Number.POSITIVE_INFINITY, burst: 1 }, ...limits },
      admit: () => ({ ok: true, stake: 0n }),
      answer: async function* () {
        await new Promise((resolve) => setTimeout(resolve, answerMs))
        yield { type: 'text', text: 'yes' }
        yield { type: 'done', reason: 'stop', promptTokens: 1, completionTokens: 1, traceHash: hash }
      },
    })
    return axon.port
  }

  async function barePort(): Promise<number> {
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' })
    const tls = { key: pem, cert: selfSignedCertificate(key.privateKey), minVersion: 'TLSv1.3' } as const
    await sr25519.ready()
    const message = Buffer.alloc(300, 'x')
    const signature = await localSigner(pair).sign(message)
    const verify = (): void => {
      if (!sr25519.verify(pair.publicKey, message, signature)) throw new Error('wrong signature')
    }
    const onSocket = (socket: TLSSocket): void => {
      verify()
      socket.on('error', () => undefined)
      socket.on('data', () => undefined)
      socket.write('welcome')
    }
    const server = kind === 'tls' ? createTlsServer(tls, onSocket) : createServer(tls)
    if (kind === 'wss') {
      const sockets = new WebSocketServer({ server: server as HttpsServer, perMessageDeflate: false })
      sockets.on('connection', (ws) => {
        ws.on('message', () => {
          verify()
          ws.send('welcome')
        })
      })
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  process.on('message', (what) => process.send!(what === 'cpuMs' ? cpuMsNow() : memoryNow()))
  process.on('disconnect', () => process.exit(0))
  process.send!({ port, publicKey: Buffer.from(key.publicKey).toString('hex'), hotkey: pair.address })
}

function cpuMsNow(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function memoryNow(): Memory {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapBytes: heapUsed + external, rssBytes: rss }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve(JSON.parse(process.argv[2]!) as ServerOptions)
}
