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
import { type BenchResult, median } from './harness.ts'

const connections = 16
/** Of the JSON text that the echo sends; asks and answers are made as long (facts: dependencies.md, 7). */
const frameChars = 883
const rounds = 9
const roundMs = 500
const genesis = `0x${'11'.repeat(32)}`
const netuid = 1
const hash = '22'.repeat(32)

/** Round trips a second, one at a time on each connection. Client and server share this process and its one thread. */
interface Variant {
  /** One round trip on the connection with this number. */
  readonly turn: (connection: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Authenticated sessions against bare echoes on the same machine, in the same process and in alternating rounds. */
export async function bench(): Promise<BenchResult> {
  const key = generateAxonKey()
  const variants = {
    ws: await echo({ key: undefined, signed: false }),
    wss: await echo({ key, signed: false }),
    signed: await echo({ key, signed: true }),
    session: await session({ key, receipt: false }),
    receipt: await session({ key, receipt: true }),
  }
  const names = Object.keys(variants) as (keyof typeof variants)[]
  const rates = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    keyof typeof variants,
    number[]
  >
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const rate = await rateOf(variants[name])
      // The first round warms up.
      if (round >= 0) rates[name].push(rate)
    }
  }
  for (const name of names) await variants[name].close()
  return {
    name: 'axon',
    cases: [
      row('bare ws echo; bound: wss echo', rates.ws, rates.wss, null),
      row('session without receipt; bound: wss echo', rates.session, rates.wss, 0.7),
      row('session with receipt; bound: wss echo + Ed25519 sign + verify', rates.receipt, rates.signed, 0.7),
    ],
  }
}

function row(name: string, values: number[], bounds: number[], target: number | null): BenchResult['cases'][number] {
  const ratio = median(values.map((value, i) => value / bounds[i]!))
  const ok = target === null || ratio >= target
  return { case: name, value: median(values), unit: 'round trips/s', bound: median(bounds), ratio, target, ok }
}

async function rateOf(variant: Variant): Promise<number> {
  const startMs = performance.now()
  const untilMs = startMs + roundMs
  let turns = 0
  const loop = async (connection: number): Promise<void> => {
    while (performance.now() < untilMs) {
      await variant.turn(connection)
      turns++
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)))
  return (turns * 1_000) / (performance.now() - startMs)
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

async function session({ key, receipt }: { key: AxonKey; receipt: boolean }): Promise<Variant> {
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
      yield { type: 'text', text }
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
