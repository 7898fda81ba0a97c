import { createHash, randomUUID } from 'node:crypto'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Laxness } from '../../../src/axon/http/laxness.ts'
import { HttpDendrite, type HttpTarget } from '../../../src/dendrite/httpDendrite.ts'
import { toHex } from '../../../src/keys/hex.ts'
import { btauthText, writeBtauthHeaders } from '../../../src/wire/bittensor/btauth.ts'
import { readChatSynapse, requiredFields } from '../../../src/wire/bittensor/chatSynapse.ts'
import { epistulaText } from '../../../src/wire/bittensor/epistula.ts'
import type { Dialect } from '../../../src/wire/bittensor/signedRequest.ts'
import { synapseText, writeSynapseHeaders } from '../../../src/wire/bittensor/synapseHeaders.ts'
import { genesis, netuid, signerOf, startWorld, type World, type WorldOptions } from './axonWorld.ts'

/** An axon that takes sessions and requests. It need not fear its own past: its port is new. */
export function startHttpWorld(options: WorldOptions & { readonly allow?: readonly Laxness[] } = {}): Promise<World> {
  return startWorld({
    transports: ['wss', 'http'],
    ...options,
    limits: { nonceAheadMs: 0, ...options.limits },
  })
}

export interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** What the test puts in place of what belongs there, before the request is signed. */
export interface Instead {
  readonly uri?: string
  readonly path?: string
  readonly body?: object
  /** Whom the signature and the headers name as the receiver. */
  readonly receiver?: string
  readonly madeAtMs?: number
  readonly nonce?: string
  readonly timeoutMs?: number
  readonly bodyHash?: string
  readonly dendrite?: object
}

const question = [{ role: 'user', content: 'what is tort?' }]

/** A good request of `//Bob` in a dialect. */
export async function signed(world: World, dialect: Dialect, instead: Instead = {}): Promise<Post> {
  const signer = await signerOf(instead.uri ?? '//Bob')
  const isChat = dialect === 'epistula' && instead.path === undefined
  const path = instead.path ?? (isChat ? '/v1/chat/completions' : '/FacultyChat')
  const asked = isChat ? { model: 'law', messages: question } : { domain: 'law', messages: question }
  const value = instead.body ?? { ...asked, ...(instead.dendrite !== undefined && { dendrite: instead.dendrite }) }
  const body = JSON.stringify(value)
  const bodySha256 = createHash('sha256').update(body).digest('hex')
  const madeAtMs = instead.madeAtMs ?? Date.now()
  const hotkey = signer.address
  const receiver = instead.receiver ?? world.target.hotkey
  const sign = async (text: string) => toHex(await signer.sign(Buffer.from(text))).slice(2)
  const nonce = instead.nonce ?? `${madeAtMs}${String(counter++ % 1_000_000).padStart(6, '0')}`
  if (dialect === 'epistula') {
    const uuid = randomUUID()
    const timestamp = String(madeAtMs)
    const headers = {
      'Epistula-Version': '2',
      'Epistula-Timestamp': timestamp,
      'Epistula-Uuid': uuid,
      'Epistula-Signed-By': hotkey,
      'Epistula-Signed-For': receiver,
      'Epistula-Request-Signature': `0x${await sign(epistulaText({ bodySha256, uuid, timestamp, receiver }))}`,
    }
    return { path, headers, body }
  }
  if (dialect === 'btauth') {
    const parts = { scheme: 'sr25519', method: 'POST', target: path, bodySha256, nonce, hotkey, receiver } as const
    return { path, headers: writeBtauthHeaders(parts, await sign(btauthText(parts))), body }
  }
  const read = readChatSynapse(value)
  const bodyHash = instead.bodyHash ?? (read.ok ? read.ask.bodyHash() : '00'.repeat(32))
  const uuid = 'c0ffee00-0000-11f0-8000-000000000001'
  const parts = { nonce, hotkey, axon: receiver, uuid, bodyHash }
  const head = {
    ...parts,
    name: path.slice(1),
    timeoutMs: instead.timeoutMs ?? 12_000,
    axonIp: '127.0.0.1',
    axonPort: 1,
  }
  const signature = await sign(synapseText(parts))
  return { path, headers: writeSynapseHeaders({ ...head, signature, required: requiredFields }), body }
}

let counter = 0

export interface PostOptions {
  /** Over TLS, where the certificate is not looked at. */
  readonly tls?: boolean
  readonly method?: string
  /** Hears of each piece of the body. */
  readonly onData?: (text: string) => void
}

/** Sends a request on a connection of its own. Rejects where the connection is cut before the reply is whole. */
export function post({ axon }: World, { path, headers, body }: Post, options: PostOptions = {}): Promise<Reply> {
  const { tls = false, method = 'POST', onData } = options
  const send = tls ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request = send({
      host: '127.0.0.1',
      port: axon.port,
      path,
      method,
      agent: false,
      rejectUnauthorized: false,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        onData?.(chunk)
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    request.end(body)
  })
}

/** A plain connection on which the test itself says what is sent. */
export async function tcp({ axon }: World): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: axon.port })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

/** A request as it stands on the wire. */
export function wireText({ path, headers, body }: Post, more: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: 'x', 'content-length': String(Buffer.byteLength(body)), ...headers, ...more })
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** Our own caller by HTTP. */
export async function httpCaller(
  world: World,
  dialect: HttpTarget['dialect'],
  uri = '//Bob',
): Promise<{ dendrite: HttpDendrite; target: HttpTarget }> {
  const dendrite = new HttpDendrite({ signer: await signerOf(uri), genesis, netuid })
  onTestFinished(() => dendrite.close())
  return { dendrite, target: { ...world.target, dialect } }
}
