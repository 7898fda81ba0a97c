import { type ChildProcess, fork } from 'node:child_process'
import { type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { AnswerEvent } from '../../src/axon/answer.ts'
import { generateAxonKey } from '../../src/axon/axonKey.ts'
import { startAxon } from '../../src/axon/startAxon.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import type { KeyPair } from '../../src/keys/keyPair.ts'
import * as sr25519 from '../../src/keys/sr25519.ts'
import { type BenchCase, median } from './harness.ts'

const rounds = 15
/** Counted and not timed: on a busy machine half a second is too few requests for the optimising compilers. */
const warmUpRounds = 20
/** All are signed before the round, and must be younger than 10 s when they arrive. */
const requestsPerRound = 200
const hash = '22'.repeat(32)
/** What a caller signs, and an axon's reply to it. */
const signedBytes = 240
const receiptBytes = 650
const replyChars = 2_500

/** What the caller's process gets to know. */
export interface HttpLoad {
  readonly port: number
  /** SS58 address of the axon's hotkey. */
  readonly axon: string
  readonly requestsPerRound: number
}

/**
 * Signed requests by HTTP that one process answers, against the bare signature verifications that it can do: each request
 * needs one. Beside it the ceilings: Node's own HTTP server that verifies one signature and does nothing else, and one that
 * also signs as many bytes as a receipt has. All by this process's CPU time, since the callers, which sign beforehand, are
 * other processes and take turns with it where there are few cores.
 */
export async function requestsByHttp(): Promise<BenchCase[]> {
  const [miner, caller] = [await pairFromUri('//Alice'), await pairFromUri('//Bob')]
  const key = generateAxonKey()
  const axon = await startAxon({
    host: '127.0.0.1',
    port: 0,
    key,
    hotkey: miner.address,
    genesis: `0x${'11'.repeat(32)}`,
    netuid: 1,
    domains: ['law'],
    models: [{ domain: 'law', name: 'law/echo', fingerprint: hash }],
    transports: ['http'],
    limits: { nonceAheadMs: 0 },
    admit: () => ({ ok: true, stake: 0n }),
    answer: async function* (): AsyncGenerator<AnswerEvent> {
      yield { type: 'text', text: 'y'.repeat(600) }
      yield { type: 'done', reason: 'stop', promptTokens: 200, completionTokens: 200, traceHash: hash }
    },
  })
  const bare = [await bareServer(caller, undefined), await bareServer(caller, key.privateKey)]
  const ports = [axon.port, ...bare.map((server) => (server.address() as AddressInfo).port)]
  const loads = ports.map((port) => startLoad(port, miner.address))
  const [rates, ceilings, signing, bounds]: [number[], number[], number[], number[]] = [[], [], [], []]
  try {
    for (let round = -warmUpRounds; round < rounds; round++) {
      const bound = verificationsPerSecond(caller)
      const replies: number[] = []
      for (const load of loads) replies.push(await repliesPerSecond(load))
      if (round < 0) continue
      bounds.push(bound)
      for (const [i, list] of [rates, ceilings, signing].entries()) list.push(replies[i]!)
    }
  } finally {
    for (const load of loads) load.kill()
    for (const server of bare) {
      server.closeAllConnections()
      server.close()
    }
    await axon.close()
  }
  return [
    row('bare HTTP server that verifies; bound: sr25519 verification', ceilings, bounds, null),
    row('the same and signs its reply; bound: sr25519 verification', signing, bounds, null),
    row('HTTP request with receipt; bound: sr25519 verification', rates, bounds, 0.8),
    row('  bound: bare HTTP server that verifies and signs', rates, signing, null),
  ]
}

function row(name: string, values: number[], bounds: number[], target: number | null): BenchCase {
  const ratio = median(values.map((value, i) => value / bounds[i]!))
  const ok = target === null || ratio >= target
  return { case: name, value: median(values), unit: 'per CPU s', bound: median(bounds), ratio, target, ok }
}

function startLoad(port: number, axon: string): ChildProcess {
  const told: HttpLoad = { port, axon, requestsPerRound }
  const path = fileURLToPath(new URL('axonHttpLoad.ts', import.meta.url))
  const load = fork(path, [JSON.stringify(told)], { execArgv: ['--import', 'tsx'] })
  // Null: it was killed at the end.
  return load.once('exit', (code) => {
    if (code !== null) throw new Error(`the caller of port ${port} ended with ${code}`)
  })
}

async function repliesPerSecond(load: ChildProcess): Promise<number> {
  load.send('prepare')
  await once(load, 'message')
  const before = cpuSeconds()
  load.send('run')
  await once(load, 'message')
  return requestsPerRound / (cpuSeconds() - before)
}

/** Its replies are as long as the axon's. @param key signs what stands for a receipt, if it is given */
async function bareServer(caller: KeyPair, key: KeyObject | undefined): Promise<HttpServer> {
  const text = Buffer.alloc(signedBytes, 'x')
  const signature = sr25519.sign(caller, text)
  const body = JSON.stringify({ answer: 'y'.repeat(replyChars) })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const receipt = Buffer.alloc(receiptBytes, 'x')
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (!sr25519.verify(caller.publicKey, text, signature)) throw new Error('a good signature does not verify')
      if (key !== undefined && sign(null, receipt, key).length !== 64) throw new Error('no signature')
      response.writeHead(200, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function verificationsPerSecond(caller: KeyPair): number {
  const text = Buffer.alloc(signedBytes, 'x')
  const signature = sr25519.sign(caller, text)
  const before = cpuSeconds()
  for (let i = 0; i < requestsPerRound; i++) {
    if (!sr25519.verify(caller.publicKey, text, signature)) throw new Error('a good signature does not verify')
  }
  return requestsPerRound / (cpuSeconds() - before)
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
