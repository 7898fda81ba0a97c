import { connect as connectTls, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { AnswerEvent, Answerer } from '../../../src/axon/answer.ts'
import type { AxonEvent } from '../../../src/axon/axonEvent.ts'
import { type AxonKey, generateAxonKey } from '../../../src/axon/axonKey.ts'
import type { AxonLimits } from '../../../src/axon/axonLimits.ts'
import { type Axon, type AxonOptions, startAxon } from '../../../src/axon/startAxon.ts'
import { connect } from '../../../src/dendrite/connect.ts'
import type { ChannelOptions } from '../../../src/dendrite/openChannel.ts'
import type { Session } from '../../../src/dendrite/session.ts'
import type { AskRequest, Target } from '../../../src/dendrite/target.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { toHex } from '../../../src/keys/hex.ts'
import { localSigner, type Signer } from '../../../src/keys/signer.ts'
import * as sr25519 from '../../../src/keys/sr25519.ts'
import type { AxonMessage } from '../../../src/wire/axonMessage.ts'
import type { HelloMessage } from '../../../src/wire/callerMessage.ts'
import { channelBytes, channelLabel, helloBytes, protocolVersion, sessionPath } from '../../../src/wire/hello.ts'

export const genesis = `0x${'2f'.repeat(32)}`
export const netuid = 2
export const fingerprint = '0a'.repeat(32)
export const traceHash = '0b'.repeat(32)

const signers = new Map<string, Promise<Signer>>()

/** Derived once: it takes a tenth of a second. */
export function signerOf(uri: string): Promise<Signer> {
  const known = signers.get(uri)
  if (known !== undefined) return known
  const signer = sr25519.ready().then(async () => localSigner(await pairFromUri(uri)))
  signers.set(uri, signer)
  return signer
}

export function asking(content: string): AskRequest {
  return { messages: [{ role: 'user', content }], maxTokens: 64, temperature: 0 }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until something holds. Fails by the test's own time-out. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5)
}

export function done(text: string): AnswerEvent {
  return { type: 'done', reason: 'stop', promptTokens: 3, completionTokens: text.split(' ').length, traceHash }
}

/** Says the question back, a word a turn of the event loop. */
export const echo: Answerer = async function* (ask) {
  const text = ask.request.messages.at(-1)!.content
  for (const word of text.split(/(?<= )/)) {
    yield { type: 'text', text: word }
    await new Promise((resolve) => setImmediate(resolve))
  }
  yield done(text)
}

/** Never answers; stops when told to. */
export const stuck: Answerer = async function* (_ask, { signal }) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  yield done('')
}

export interface World {
  readonly axon: Axon
  readonly key: AxonKey
  readonly target: Target
  /** What happened, in order. */
  readonly events: AxonEvent[]
  /** Options of a dendrite whose hotkey is derived from the uri. */
  caller(uri: string): Promise<ChannelOptions>
  connect(uri: string): Promise<Session>
  /** A connection on which the test itself says what is sent. */
  raw(): Promise<RawCaller>
}

export type WorldOptions = Partial<Omit<AxonOptions, 'limits'>> & { readonly limits?: Partial<AxonLimits> }

/** An axon of `//Alice` on a free port. It serves `//Bob`, `//Charlie` and `//Dave`, for as long as the test runs. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const alice = await signerOf('//Alice')
  const members = await Promise.all(['//Bob', '//Charlie', '//Dave'].map(signerOf))
  const served = new Set(members.map((signer) => signer.address))
  const key = options.key ?? generateAxonKey()
  const events: AxonEvent[] = []
  const axon = await startAxon({
    host: '127.0.0.1',
    port: 0,
    key,
    hotkey: alice.address,
    genesis,
    netuid,
    domains: ['law', 'medicine'],
    models: [{ domain: 'law', name: 'law/echo', fingerprint }],
    admit: (hotkey) => (served.has(hotkey) ? { ok: true, stake: 5n } : { ok: false, code: 'unknown-hotkey' }),
    answer: echo,
    onEvent: (event) => events.push(event),
    ...options,
  })
  onTestFinished(() => axon.close())
  const target = { host: '127.0.0.1', port: axon.port, publicKey: key.publicKey, hotkey: alice.address }
  const caller = async (uri: string): Promise<ChannelOptions> => ({ signer: await signerOf(uri), genesis, netuid })
  return {
    axon,
    key,
    target,
    events,
    caller,
    async connect(uri) {
      const session = await connect({ ...target, ...(await caller(uri)) })
      onTestFinished(() => session.close())
      return session
    },
    raw: () => RawCaller.open(target),
  }
}

/** TLS and WebSocket without any of the dendrite's care. */
export class RawCaller {
  readonly frames: AxonMessage[] = []
  readonly socket: TLSSocket
  readonly ws: WebSocket
  /** The close code. */
  readonly closed: Promise<number>
  isClosed = false

  private constructor(socket: TLSSocket, ws: WebSocket) {
    this.socket = socket
    this.ws = ws
    ws.on('message', (data) => this.frames.push(JSON.parse(data.toString()) as AxonMessage))
    ws.on('error', () => undefined)
    this.closed = new Promise((resolve) =>
      ws.on('close', (code) => {
        this.isClosed = true
        resolve(code)
      }),
    )
  }

  static async open({ host, port }: Pick<Target, 'host' | 'port'>): Promise<RawCaller> {
    const socket = await openRawTls({ host, port })
    const ws = new WebSocket(`ws://${host}:${port}${sessionPath}`, {
      createConnection: () => socket,
      perMessageDeflate: false,
    })
    const raw = new RawCaller(socket, ws)
    onTestFinished(() => ws.terminate())
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
    return raw
  }

  get channel(): string {
    return this.socket.exportKeyingMaterial(channelBytes, channelLabel, Buffer.alloc(0)).toString('hex')
  }

  send(message: object | string): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The hello of this caller on this connection, with what the test puts in its place before it is signed. */
  async hello(signer: Signer, target: Target, other: Partial<HelloMessage> = {}): Promise<HelloMessage> {
    const unsigned = {
      caller: signer.address,
      axon: target.hotkey,
      genesis,
      netuid,
      channel: this.channel,
      timestampMs: Date.now(),
      ...other,
    }
    const signature = other.signature ?? toHex(await signer.sign(helloBytes(unsigned))).slice(2)
    return { type: 'hello', protocol: protocolVersion, ...unsigned, signature }
  }

  async enter(uri: string, target: Target): Promise<void> {
    this.send(await this.hello(await signerOf(uri), target))
    await until(() => this.frames.length > 0)
    if (this.frames[0]?.type !== 'welcome') throw new Error(`no welcome: ${JSON.stringify(this.frames[0])}`)
    this.frames.length = 0
  }

  /** The error frame that the axon sent before it closed, if it did. */
  get told(): string | undefined {
    const error = this.frames.find((frame) => frame.type === 'error')
    return error?.type === 'error' ? error.code : undefined
  }
}

export async function openRawTls({ host, port }: Pick<Target, 'host' | 'port'>): Promise<TLSSocket> {
  const socket = connectTls({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  return socket
}
