import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { AnswerEvent } from '../../src/axon/answer.ts'
import { generateAxonKey } from '../../src/axon/axonKey.ts'
import { startAxon } from '../../src/axon/startAxon.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import * as sr25519 from '../../src/keys/sr25519.ts'
import { type BenchCase, median } from './harness.ts'

const rounds = 7
/** The optimising compilers take some thousands of requests. */
const warmUpRounds = 6
const roundMs = 500
const hash = '22'.repeat(32)
/** What a caller signs, and an axon's reply to it. */
const signedBytes = 240
const replyChars = 2_500

/** What the caller's process gets to know. */
export interface HttpLoad {
  readonly port: number
  /** SS58 address of the axon's hotkey. */
  readonly axon: string
  readonly roundMs: number
}

/**
 * Signed requests by HTTP that one process answers, against the bare signature verifications that it can do: each request
 * needs one. Beside it the ceiling: Node's own HTTP server that verifies one signature and does nothing else. All by this
 * process's CPU time, since the caller, which signs beforehand, is another process and takes turns with it where there are
 * few cores.
 */
export async function requestsByHttp(): Promise<BenchCase[]> {
  const [miner, caller] = [await pairFromUri('//Alice'), await pairFromUri('//Bob')]
  const axon = await startAxon({
    host: '127.0.0.1',
    port: 0,
    key: generateAxonKey(),
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
  const bare = await bareServer(caller)
  const loads = [axon.port, (bare.address() as AddressInfo).port].map((port) => startLoad(port, miner.address))
  const rates: number[] = []
  const ceilings: number[] = []
  const bounds: number[] = []
  try {
    for (let round = -warmUpRounds; round < rounds; round++) {
      const bound = verificationsPerSecond(caller)
      const [rate, ceiling] = [await repliesPerSecond(loads[0]!), await repliesPerSecond(loads[1]!)]
      if (round < 0) continue
      rates.push(rate)
      ceilings.push(ceiling)
      bounds.push(bound)
    }
  } finally {
    for (const load of loads) load.kill()
    bare.closeAllConnections()
    bare.close()
    await axon.close()
  }
  return [
    row('bare HTTP server that verifies; bound: sr25519 verification', ceilings, bounds, null),
    row('HTTP request with receipt; bound: sr25519 verification', rates, bounds, 0.8),
  ]
}

function row(name: string, values: number[], bounds: number[], target: number | null): BenchCase {
  const ratio = median(values.map((value, i) => value / bounds[i]!))
  const ok = target === null || ratio >= target
  return { case: name, value: median(values), unit: 'per CPU s', bound: median(bounds), ratio, target, ok }
}

function startLoad(port: number, axon: string): ChildProcess {
  const told: HttpLoad = { port, axon, roundMs }
  const path = fileURLToPath(new URL('axonHttpLoad.ts', import.meta.url))
  return fork(path, [JSON.stringify(told)], { execArgv: ['--import', 'tsx'] })
}

async function repliesPerSecond(load: ChildProcess): Promise<number> {
  load.send('prepare')
  await once(load, 'message')
  const before = cpuSeconds()
  load.send('run')
  const [replies] = (await once(load, 'message')) as [number]
  return replies / (cpuSeconds() - before)
}

/** Its replies are as long as the axon's. */
async function bareServer(caller: Parameters<typeof sr25519.sign>[0]): Promise<HttpServer> {
  const text = Buffer.alloc(signedBytes, 'x')
  const signature = sr25519.sign(caller, text)
  const body = JSON.stringify({ answer: 'y'.repeat(replyChars) })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (!sr25519.verify(caller.publicKey, text, signature)) throw new Error('a good signature does not verify')
      response.writeHead(200, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function verificationsPerSecond(caller: Parameters<typeof sr25519.sign>[0]): number {
  const text = Buffer.alloc(signedBytes, 'x')
  const signature = sr25519.sign(caller, text)
  const startMs = performance.now()
  const before = cpuSeconds()
  let count = 0
  while (performance.now() - startMs < roundMs) {
    if (!sr25519.verify(caller.publicKey, text, signature)) throw new Error('a good signature does not verify')
    count++
  }
  return count / (cpuSeconds() - before)
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
