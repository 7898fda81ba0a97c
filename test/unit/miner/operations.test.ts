import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Dendrite } from '../../../src/dendrite/dendrite.ts'
import type { MinerDefinition } from '../../../src/domain/defineMiner.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../../src/keys/signer.ts'
import type { Miner, MinerOptions } from '../../../src/miner/miner.ts'
import { startMiner } from '../../../src/miner/startMiner.ts'
import { genesis, MemoryChain, neuron, until } from './memoryChain.ts'

const netuid = 3
let folder: string
let miner: Signer
let caller: Signer
let stranger: Signer
const closers: (() => unknown)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-miner-operations-'))
  const signers = await Promise.all(['//Miner', '//Caller', '//Stranger'].map((uri) => pairFromUri(uri)))
  ;[miner, caller, stranger] = signers.map(localSigner) as [Signer, Signer, Signer]
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Answer = NonNullable<MinerDefinition['answer']>

const hello: Answer = async function* () {
  yield { type: 'text', text: 'good ' }
  yield { type: 'text', text: 'day' }
  yield { type: 'done', reason: 'stop', promptTokens: 7, completionTokens: 2, traceHash: '0'.repeat(64) }
}

interface Running {
  readonly miner: Miner
  readonly chain: MemoryChain
  /** Log lines as objects. */
  readonly lines: Record<string, unknown>[]
  get(path: string): Promise<{ code: number; text: string }>
  ask(signer: Signer, domain?: string): Promise<string>
}

async function start(answer: Answer, more: Partial<MinerOptions> = {}): Promise<Running> {
  const chain = new MemoryChain([miner.address, caller.address])
  const lines: Record<string, unknown>[] = []
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>)
  const text = [{ name: 'text', kind: 'text' as const }]
  const started = await startMiner(
    {
      miner: {
        definition: { domains: ['law'], model: 'none', answer },
        manifest: { format: 'faculty-manifest/1', title: 'Tiny', inputs: text, outputs: text, models: {} },
        folder,
      },
      devices: ['cpu'],
      netuid,
      hotkey: miner.address,
      axonKeyPath: join(folder, 'key.pem'),
      connect: async () => chain,
      listen: { host: '127.0.0.1', port: 0 },
      announce: { host: '127.0.0.1' },
      statusPort: 0,
      log: pino({ level: 'debug' }, { write }),
      refreshMs: 50,
      ...more,
    },
    new AbortController().signal,
  )
  if (started === undefined) throw new Error('the miner did not start')
  closers.push(() => started.stop())
  await until(() => chain.announced.length > 0, 'announced')
  const { port, certificate } = chain.announced[0]!
  return {
    miner: started,
    chain,
    lines,
    get: async (path) => {
      const response = await fetch(`http://127.0.0.1:${started.statusPort}${path}`)
      return { code: response.status, text: await response.text() }
    },
    ask: async (signer, domain = 'law') => {
      const dendrite = new Dendrite({ signer, genesis, netuid })
      closers.push(() => dendrite.close())
      const target = { host: '127.0.0.1', port, publicKey: certificate.subarray(1), hotkey: miner.address }
      const request = { messages: [{ role: 'user' as const, content: 'hello' }], maxTokens: 8, temperature: 0 }
      return (await dendrite.session(target).askOnce(request, { domain, timeoutMs: 10_000 })).text
    },
  }
}

describe("a miner's figures", () => {
  it('count asks by outcome, tokens, times and sessions', async () => {
    const { ask, get } = await start(hello)
    expect(await ask(caller)).toBe('good day')
    await expect(ask(stranger)).rejects.toMatchObject({ failure: { reason: 'unknown-hotkey' } })
    const { code, text } = await get('/metrics')
    expect(code).toBe(200)
    for (const line of [
      'faculty_miner_requests_total{outcome="answered"} 1',
      'faculty_miner_requests_total{outcome="failed"} 0',
      'faculty_miner_refused_total{code="unknown-hotkey"} 1',
      'faculty_miner_prompt_tokens_total 7',
      'faculty_miner_completion_tokens_total 2',
      'faculty_miner_answer_seconds_count 1',
      'faculty_miner_first_text_seconds_count 1',
      'faculty_miner_answer_tokens_per_second_count 1',
      'faculty_miner_sessions 1',
      'faculty_miner_running 0',
      'faculty_miner_waiting 0',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).not.toContain('faculty_engine_')
  })

  it('have no more series for a caller that makes up domains', async () => {
    const { ask, get } = await start(hello)
    const domains = Array.from({ length: 20 }, (_, i) => `made-up-${i}`)
    await Promise.allSettled(domains.map((domain) => ask(caller, domain)))
    const { text } = await get('/metrics')
    expect(text).not.toContain('made-up')
    expect(text.split('\n').filter((line) => line.startsWith('faculty_miner_requests_total')).length).toBeLessThan(5)
  })
})

describe("a miner's status", () => {
  it('tells who asked, how often, and how the last one failed', async () => {
    let fails = false
    const { ask, get } = await start((request, context) => {
      if (fails) throw new Error('no')
      return hello(request, context)
    })
    await ask(caller)
    fails = true
    await expect(ask(caller)).rejects.toThrow()
    const { callers } = JSON.parse((await get('/status')).text) as { callers: unknown[] }
    const about = { hotkey: caller.address, answered: 1, unanswered: 1, lastError: 'failed' }
    expect(callers).toEqual([{ ...about, lastAtMs: expect.any(Number) }])
  })
})

describe("a miner's log", () => {
  it('names an ask by the id that its receipt has', async () => {
    const { ask, lines } = await start(hello)
    await ask(caller)
    const line = lines.find(({ msg }) => msg === 'answered')
    expect(line).toMatchObject({ hotkey: caller.address, domain: 'law', requestId: expect.stringMatching(/.:1$/) })
    expect(line).not.toHaveProperty('id')
  })
})

describe("a miner's health", () => {
  it('is good while it serves, and is not once the hotkey has lost its place', async () => {
    const { chain, get } = await start(hello)
    expect(await get('/healthz')).toEqual({ code: 200, text: '{"ok":true}' })
    chain.neurons = [neuron(0, caller.address)]
    await until(() => chain.reads > 2, 'a look')
    const { code, text } = await get('/healthz')
    expect([code, text]).toEqual([503, expect.stringContaining('not registered')])
  })

  it('is not once the chain has been away for too long, and is again when it is back', async () => {
    const { chain, get } = await start(hello, { chainPatienceMs: 300 })
    chain.readError = new Error('gone')
    const becomes = async (holds: (text: string) => boolean): Promise<void> => {
      for (const deadlineMs = performance.now() + 10_000; performance.now() < deadlineMs; ) {
        if (holds((await get('/healthz')).text)) return
      }
      throw new Error('never')
    }
    await becomes((text) => text.includes('the chain has not answered for'))
    chain.readError = undefined
    await becomes((text) => text === '{"ok":true}')
  })

  it('is not while answer after answer fails, and is again after one that does not', async () => {
    let fails = true
    const { ask, get } = await start((request, context) => {
      if (fails) throw new Error('out of memory')
      return hello(request, context)
    })
    for (let i = 0; i < 3; i++) {
      expect((await get('/healthz')).code).toBe(200)
      await expect(ask(caller)).rejects.toThrow()
    }
    expect((await get('/healthz')).text).toBe('{"ok":false,"faults":["the last 3 answers failed: out of memory"]}')
    fails = false
    await ask(caller)
    expect((await get('/healthz')).code).toBe(200)
  })

  it('is not while it drains, and can be asked until the last answer is out', async () => {
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => (finish = resolve))
    const {
      ask,
      get,
      miner: running,
    } = await start(async function* (request, context) {
      await held
      yield* hello(request, context)
    })
    const answer = ask(caller)
    await until(() => running.status().running === 1, 'an answer is being made')
    const stopped = running.stop()
    expect(await get('/healthz')).toEqual({
      code: 503,
      text: '{"ok":false,"faults":["draining: it is being stopped"]}',
    })
    finish()
    expect(await answer).toBe('good day')
    await stopped
  })
})
