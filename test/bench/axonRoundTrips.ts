import { createPublicKey, sign, verify } from 'node:crypto'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { AnswerEvent } from '../../src/axon/answer.ts'
import { type AxonKey, generateAxonKey } from '../../src/axon/axonKey.ts'
import { selfSignedCertificate } from '../../src/axon/certificate.ts'
import { startAxon } from '../../src/axon/startAxon.ts'
import { connect } from '../../src/dendrite/connect.ts'
import type { AskRequest } from '../../src/dendrite/target.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { type BenchCase, median, quantile } from './harness.ts'

const connections = 16
/** Of the JSON text that the echo sends; asks and answers are made as long (facts: dependencies.md, 7). */
const frameChars = 883
const roundCount = 9
const roundMs = 500
const streamPieces = 32
const genesis = `0x${'11'.repeat(32)}`
const netuid = 1
const hash = '22'.repeat(32)

/** Round trips, one at a time on each connection. */
interface Variant {
  /** One round trip on the connection with this number. */
  readonly turn: (connection: number) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Authenticated sessions against bare echoes on the same machine and in alternating rounds. Both ends run in this process
 * and its one thread, so that what is compared is the work of a round trip, the caller's half with the axon's; with a
 * process for each, the rate would be that of the slower half, and the other half's work would count for nothing.
 */
export async function roundTrips(): Promise<BenchCase[]> {
  const key = generateAxonKey()
  const variants = {
    ws: await echo({ key: undefined, signed: false }),
    wss: await echo({ key, signed: false }),
    signed: await echo({ key, signed: true }),
    session: await session({ key, receipt: false }),
    receipt: await session({ key, receipt: true }),
    stream: await session({ key, receipt: false, pieces: streamPieces }),
    streamReceipt: await session({ key, receipt: true, pieces: streamPieces }),
  }
  const names = Object.keys(variants) as (keyof typeof variants)[]
  const rounds = new Map<keyof typeof variants, Round[]>(names.map((name) => [name, []]))
  for (let round = -1; round < roundCount; round++) {
    for (const name of names) {
      const one = await roundOf(variants[name])
      // The first round warms up.
      if (round >= 0) rounds.get(name)!.push(one)
    }
  }
  for (const name of names) await variants[name].close()
  const compare = (what: string, of: keyof typeof variants, bound: keyof typeof variants, target: number | null) => [
    rateCase(what, rounds.get(of)!, rounds.get(bound)!, target),
    timeCase(`  p50 of it`, 'p50Ms', rounds.get(of)!, rounds.get(bound)!),
    timeCase(`  p99 of it`, 'p99Ms', rounds.get(of)!, rounds.get(bound)!),
  ]
  return [
    ...compare('bare ws echo; bound: wss echo', 'ws', 'wss', null),
    ...compare('session without receipt; bound: wss echo', 'session', 'wss', 0.8),
    ...compare('session with receipt; bound: wss echo + Ed25519 sign + verify', 'receipt', 'signed', 0.85),
    rateCase(
      `stream of ${streamPieces} pieces with receipt; bound: without it + one sign + verify`,
      rounds.get('streamReceipt')!,
      rounds
        .get('stream')!
        .map((round, i) => plusOneSignature(round, rounds.get('wss')![i]!, rounds.get('signed')![i]!)),
      0.85,
    ),
  ]
}

interface Round {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** What a signature and its check cost is the difference of the two echoes. */
function plusOneSignature(round: Round, wss: Round, signed: Round): Round {
  return { ...round, perSecond: 1 / (1 / round.perSecond + 1 / signed.perSecond - 1 / wss.perSecond) }
}

function rateCase(what: string, values: readonly Round[], bounds: readonly Round[], target: number | null): BenchCase {
  const ratio = median(values.map(({ perSecond }, i) => perSecond / bounds[i]!.perSecond))
  const [value, bound] = [values, bounds].map((rounds) => median(rounds.map(({ perSecond }) => perSecond)))
  const ok = target === null || ratio >= target
  return { case: what, value: value!, unit: 'round trips/s', bound: bound!, ratio, target, ok }
}

function timeCase(what: string, of: 'p50Ms' | 'p99Ms', values: readonly Round[], bounds: readonly Round[]): BenchCase {
  const [value, bound] = [values, bounds].map((rounds) => median(rounds.map((round) => round[of])))
  return { case: what, value: value!, unit: 'ms', bound: bound!, ratio: value! / bound!, target: null, ok: true }
}

async function roundOf(variant: Variant): Promise<Round> {
  const startMs = performance.now()
  const untilMs = startMs + roundMs
  const timesMs: number[] = []
  const loop = async (connection: number): Promise<void> => {
    for (let beganMs = performance.now(); beganMs < untilMs; ) {
      await variant.turn(connection)
      const endedMs = performance.now()
      timesMs.push(endedMs - beganMs)
      beganMs = endedMs
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)))
  const perSecond = (timesMs.length * 1_000) / (performance.now() - startMs)
  return { perSecond, p50Ms: quantile(timesMs, 0.5), p99Ms: quantile(timesMs, 0.99) }
}

/** With a key over TLS 1.3, else plain; `signed`: the server signs each echo and the client verifies it. */
async function echo({ key, signed }: { key: AxonKey | undefined; signed: boolean }): Promise<Variant> {
  const server: Server =
    key === undefined
      ? createHttpServer()
      : createHttpsServer({
          key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
          cert: selfSignedCertificate(key.privateKey),
          minVersion: 'TLSv1.3',
        })
  const publicKey = key === undefined ? undefined : createPublicKey(key.privateKey)
  const reply = (text: string): string => {
    if (!signed || key === undefined) return text
    return text + sign(null, Buffer.from(text), key.privateKey).toString('hex')
  }
  const check = (reply: string): void => {
    const text = reply.slice(0, frameChars)
    const signature = Buffer.from(reply.slice(frameChars), 'hex')
    if (text.length !== frameChars) throw new Error('wrong echo')
    if (signed && publicKey !== undefined && !verify(null, Buffer.from(text), publicKey, signature))
      throw new Error('wrong signature')
  }
  const sockets = new WebSocketServer({ server: server as HttpServer, perMessageDeflate: false })
  sockets.on('connection', (ws) => ws.on('message', (data) => ws.send(reply(data.toString()))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const text = JSON.stringify({ text: 'x'.repeat(frameChars - '{"text":""}'.length) })
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const url = `${key === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}`
      const ws = new WebSocket(url, { rejectUnauthorized: false, perMessageDeflate: false })
      await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
      let heard = (): void => undefined
      ws.on('message', (data) => {
        check(data.toString())
        heard()
      })
      return { ws, onHeard: (resolve: () => void) => (heard = resolve) }
    }),
  )
  return {
    turn: (connection) =>
      new Promise((resolve) => {
        const client = clients[connection]!
        client.onHeard(resolve)
        client.ws.send(text)
      }),
    close: async () => {
      for (const { ws } of clients) ws.terminate()
      sockets.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface SessionOptions {
  readonly key: AxonKey
  readonly receipt: boolean
  /** Of an answer; each leaves in a frame of its own. */
  readonly pieces?: number
}

async function session({ key, receipt, pieces = 1 }: SessionOptions): Promise<Variant> {
  const [miner, caller] = [await pairFromUri('//Alice'), await pairFromUri('//Bob')]
  const text = 'y'.repeat(frameChars - 230)
  const axon = await startAxon({
    host: '127.0.0.1',
    port: 0,
    key,
    hotkey: miner.address,
    genesis,
    netuid,
    domains: ['law'],
    models: [{ domain: 'law', name: 'law/echo', fingerprint: hash }],
    limits: { maxSessionsPerHotkey: connections },
    admit: () => ({ ok: true, stake: 0n }),
    answer: async function* (): AsyncGenerator<AnswerEvent> {
      for (let i = 1; i < pieces; i++) {
        yield { type: 'text', text: text.slice(((i - 1) * text.length) / pieces, (i * text.length) / pieces) }
        await new Promise((resolve) => setImmediate(resolve))
      }
      yield { type: 'text', text: text.slice(((pieces - 1) * text.length) / pieces) }
      yield { type: 'done', reason: 'stop', promptTokens: 200, completionTokens: 200, traceHash: hash }
    },
  })
  const options = {
    host: '127.0.0.1',
    port: axon.port,
    publicKey: key.publicKey,
    hotkey: miner.address,
    genesis,
    netuid,
  }
  const sessions = await Promise.all(
    Array.from({ length: connections }, () => connect({ ...options, signer: localSigner(caller) })),
  )
  const content = 'x'.repeat(frameChars - 180)
  const request: AskRequest = { messages: [{ role: 'user', content }], maxTokens: 256, temperature: 0 }
  const ask = { domain: 'law', timeoutMs: 10_000, receipt }
  return {
    turn: async (connection) => {
      const answer = await sessions[connection]!.askOnce(request, ask)
      if (answer.text.length !== text.length || (answer.receipt !== undefined) !== receipt)
        throw new Error('wrong answer')
    },
    close: async () => {
      for (const one of sessions) one.close()
      await axon.close()
    },
  }
}
