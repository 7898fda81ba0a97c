import { fork } from 'node:child_process'
import { once } from 'node:events'
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

/** What the caller's process gets to know. */
export interface HttpLoad {
  readonly port: number
  /** SS58 address of the axon's hotkey. */
  readonly axon: string
  readonly roundMs: number
}

/**
 * Signed requests by HTTP that one process answers, against the bare signature verifications that it can do: each request
 * needs one. Both by its own CPU time, since the caller, which signs beforehand, is another process and takes turns with
 * it where there are few cores.
 */
export async function httpCases(): Promise<BenchCase[]> {
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
  const told: HttpLoad = { port: axon.port, axon: miner.address, roundMs }
  const path = fileURLToPath(new URL('axonHttpLoad.ts', import.meta.url))
  const load = fork(path, [JSON.stringify(told)], { execArgv: ['--import', 'tsx'] })
  const rates: number[] = []
  const bounds: number[] = []
  try {
    for (let round = -warmUpRounds; round < rounds; round++) {
      const bound = verificationsPerSecond(caller)
      load.send('prepare')
      await once(load, 'message')
      const before = cpuSeconds()
      load.send('run')
      const [replies] = (await once(load, 'message')) as [number]
      const rate = replies / (cpuSeconds() - before)
      if (round < 0) continue
      rates.push(rate)
      bounds.push(bound)
    }
  } finally {
    load.kill()
    await axon.close()
  }
  const ratio = median(rates.map((rate, i) => rate / bounds[i]!))
  const target = 0.8
  return [
    {
      case: 'HTTP request with receipt; bound: sr25519 verification',
      value: median(rates),
      unit: 'requests/CPU s',
      bound: median(bounds),
      ratio,
      target,
      ok: ratio >= target,
    },
  ]
}

function verificationsPerSecond(caller: Parameters<typeof sr25519.sign>[0]): number {
  // As long as what a caller signs.
  const text = Buffer.alloc(240, 'x')
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
