import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { loadValidator } from '../../../src/domain/load.ts'
import { type Batcher, type BatcherLimits, startBatcher } from '../../../src/engine/batcher.ts'
import { probeBatching } from '../../../src/engine/batchProbe.ts'
import type { Engine, EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import { openOnnxDecoder } from '../../../src/engine/onnx.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { RowCache } from '../../../src/engine/rowCache.ts'
import { type LlamaShape, llamaGraph } from './llamaGraph.ts'
import { withExternalData, writeLlamaModel } from './llamaModel.ts'
import { onnxBytes } from './onnxBytes.ts'

const shape: LlamaShape = {
  vocabulary: 400,
  layers: 2,
  width: 64,
  heads: 4,
  cacheHeads: 2,
  mlp: 96,
  contextTokens: 512,
}
const folders: Record<string, string> = {}
const removers: (() => Promise<void>)[] = []

beforeAll(async () => {
  for (const kind of ['plain', 'half', 'int8', 'fused'] as const) {
    const { folder, remove } = await writeLlamaModel({ ...shape, kind })
    folders[kind] = folder
    removers.push(remove)
  }
})
afterAll(async () => {
  for (const remove of removers) await remove()
})

async function open(kind: string): Promise<{ engine: Engine; lines: string[] }> {
  const lines: string[] = []
  const engine = await openEngine({ folder: folders[kind]!, onDevice: (line) => lines.push(line) })
  return { engine, lines }
}

/** Prompts of 3 to 240 tokens, answers of 5 to 40: they join and leave at different times. */
const requests: readonly GenerateRequest[] = Array.from({ length: 8 }, (_, i) => ({
  messages: [{ role: 'user', content: 'What is due? '.repeat(1 + ((i * 7) % 12) * 2) + i }],
  maxTokens: 5 + ((i * 11) % 36),
  temperature: i % 2 === 0 ? 0 : 0.9,
  seed: i,
  ...(i % 4 === 3 ? { topP: 0.8, topK: 40 } : {}),
}))

async function traceOf(engine: Engine, request: GenerateRequest, onTool = (): void => undefined): Promise<string> {
  for await (const event of engine.generate(request)) {
    if (event.type === 'tool') onTool()
    if (event.type === 'done') return event.traceHash
  }
  throw new Error('no done event')
}

describe('an answer’s tokens, greedy and seeded, are the same alone and in a batch of 8', () => {
  it.each([
    ['plain', 'batches: the same bits in any company'],
    ['half', 'batches: the same bits in any company'],
    ['fused', 'batches: the same bits in any company'],
    ['int8', 'one sequence at a time: a row depends on those beside it'],
  ])('%s', async (kind, line) => {
    const { engine, lines } = await open(kind)
    expect(lines.at(-1)).toBe(line)
    const alone: string[] = []
    for (const request of requests) alone.push(await traceOf(engine, request))
    let widest = 0
    const watch = setInterval(() => (widest = Math.max(widest, engine.stats!().batchSize)), 1)
    const together = await Promise.all(requests.map((request) => traceOf(engine, request)))
    clearInterval(watch)
    expect(together).toEqual(alone)
    expect(new Set(alone).size).toBe(requests.length)
    if (kind === 'int8') expect(widest).toBe(1)
    else expect(widest).toBeGreaterThan(4)
    await engine.close()
  })

  it('of a model with calculator, too', async () => {
    const engine = await openEngine({ folder: new URL('../../../miners/finance/expert', import.meta.url).pathname })
    const tasks = generateTasks(await loadValidator('finance'), { seed: 'batching', count: 8 })
    const asks = Array.from(tasks, ({ question }, i) => ({
      messages: [{ role: 'user' as const, content: question }],
      maxTokens: 40,
      temperature: i < 4 ? 0 : 0.7,
      seed: i,
    }))
    const alone: string[] = []
    let calls = 0
    for (const request of asks) alone.push(await traceOf(engine, request, () => calls++))
    expect(calls).toBeGreaterThan(0)
    expect(await Promise.all(asks.map((request) => traceOf(engine, request)))).toEqual(alone)
    await engine.close()
  })
})

describe('a model with external data', () => {
  it('is batched like one in a single file, and answers the same', async () => {
    const made = await writeLlamaModel(shape)
    removers.push(made.remove)
    const { graph, data } = withExternalData(llamaGraph(shape), 'model_fp16.onnx_data')
    await writeFile(join(made.folder, 'onnx', 'model_fp16.onnx'), onnxBytes(graph))
    await writeFile(join(made.folder, 'onnx', 'model_fp16.onnx_data'), data)
    const lines: string[] = []
    const [whole, apart] = await Promise.all([
      openEngine({ folder: made.folder }),
      openEngine({ folder: made.folder, dtype: 'fp16', onDevice: (line) => lines.push(line) }),
    ])
    expect(lines.at(-1)).toBe('batches: the same bits in any company')
    expect(await traceOf(apart, requests[1]!)).toBe(await traceOf(whole, requests[1]!))
    await Promise.all([whole.close(), apart.close()])
  })
})

/** A batcher over the plain model, as the engine makes it. */
async function openBatcher(limits: Partial<BatcherLimits> = {}): Promise<Batcher> {
  const path = `${folders.plain}/onnx/model.onnx`
  const { graph, layout } = await openOnnxDecoder(path, 'cpu')
  const { batching } = await probeBatching(graph, layout)
  const { contextTokens } = shape
  return startBatcher({ graph, layout, batching, name: 'tiny', contextTokens, endIds: new Set(), limits })
}

interface Heard {
  readonly logits: Float32Array[]
  /** What happened to it and to others, in order. */
  readonly order: string[]
  readonly ended: Promise<void>
  leave: () => void
}

/** Runs a sequence of a prompt and `count` further tokens that do not depend on the logits. */
function sequenceOf(
  batcher: Batcher,
  {
    name = '',
    promptIds,
    count,
    priority = 0,
    order = [] as string[],
  }: {
    name?: string
    promptIds: readonly number[]
    count: number
    priority?: number
    order?: string[]
  },
): Heard {
  const logits: Float32Array[] = []
  let finish: () => void
  let fail: (error: unknown) => void
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  const next = (row: Float32Array): readonly number[] => {
    if (logits.length === 0) order.push(name)
    logits.push(row.slice())
    if (logits.length <= count) return [(logits.length * 13) % shape.vocabulary]
    finish()
    return []
  }
  const maxTokens = promptIds.length + count + 1
  const sequence = { promptIds, maxTokens, next, fail: (error: unknown) => fail(error) }
  return { logits, order, ended, leave: batcher.start(sequence, priority) }
}

const prompt = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, i) => (i * 31 + seed * 17) % shape.vocabulary)

function bitsOf(rows: readonly Float32Array[]): string[] {
  return rows.map((row) => Buffer.from(row.buffer).toString('base64'))
}

describe('the batch', () => {
  it('gives each sequence the same logits, bit for bit, whoever joins and leaves beside it', async () => {
    const batcher = await openBatcher()
    // Past 128 tokens of prompt, past 256 places and up to the end of the context.
    const lengths = [1, 2, 63, 64, 65, 128, 129, 250, 440]
    const count = 70
    const alone: string[][] = []
    for (const [seed, length] of lengths.entries()) {
      const one = sequenceOf(batcher, { promptIds: prompt(length, seed), count })
      await one.ended
      alone.push(bitsOf(one.logits))
    }
    const passing = Array.from({ length: 12 }, (_, i) =>
      sequenceOf(batcher, { promptIds: prompt(5 + 20 * i, 50 + i), count: 3 * i }),
    )
    const together = lengths.map((length, seed) => sequenceOf(batcher, { promptIds: prompt(length, seed), count }))
    await Promise.all([...together, ...passing].map(({ ended }) => ended))
    expect(together.map(({ logits }) => bitsOf(logits))).toEqual(alone)
    expect(batcher.stats()).toMatchObject({ running: 0, waiting: 0, batchSize: 0, requestsTotal: 30 })
    await batcher.close()
  })

  it('serves short prompts while a long one is still being read', async () => {
    const batcher = await openBatcher()
    const order: string[] = []
    const long = sequenceOf(batcher, { name: 'long', promptIds: prompt(500, 1), count: 1, order })
    const short = ['a', 'b', 'c'].map((name, i) =>
      sequenceOf(batcher, { name, promptIds: prompt(4, i), count: 1, order }),
    )
    await Promise.all([long, ...short].map(({ ended }) => ended))
    expect(order).toEqual(['a', 'b', 'c', 'long'])
    await batcher.close()
  })

  it('takes the highest priority first, equals in their order, and every fourth time the oldest', async () => {
    const batcher = await openBatcher({ maxRows: 1 })
    const order: string[] = []
    const all = [
      ...([
        ['first', 9],
        ['low', 0],
        ['low too', 0],
        ['high', 5],
        ['middle', 3],
        ['middle too', 3],
        ['lowest', -1],
      ] as const),
    ].map(([name, priority]) => sequenceOf(batcher, { name, priority, promptIds: prompt(3, 1), count: 2, order }))
    await Promise.all(all.map(({ ended }) => ended))
    expect(order).toEqual(['first', 'high', 'middle', 'low', 'middle too', 'low too', 'lowest'])
    await batcher.close()
  })

  it('refuses with busy where the queue is full, and counts it', async () => {
    const batcher = await openBatcher({ maxRows: 1, maxWaiting: 2 })
    const start = (): Heard => sequenceOf(batcher, { promptIds: prompt(3, 1), count: 2 })
    const kept = [start(), start()]
    expect(start).toThrow(expect.objectContaining({ failure: { code: 'busy', waiting: 2 } }))
    await Promise.all(kept.map(({ ended }) => ended))
    expect(batcher.stats()).toMatchObject({ requestsTotal: 3, refusedTotal: 1, firstTokensTotal: 2, tokensTotal: 6 })
    await batcher.close()
  })

  it('admits as many as there is memory for, whatever their priority, and one that is too long alone', async () => {
    const batcher = await openBatcher({ maxCacheTokens: 300 })
    const ask = (length: number, priority = 0): Heard =>
      sequenceOf(batcher, { promptIds: prompt(length, 1), count: 40 - 1, priority })
    let most = 0
    const all = [ask(60), ask(60), ask(60), ask(400, 1), ask(20), ask(20), ask(20)]
    const watch = setInterval(() => (most = Math.max(most, batcher.stats().running)), 1)
    await Promise.all(all.map(({ ended }) => ended))
    clearInterval(watch)
    // Rows of 100 tokens.
    expect(most).toBe(3)
    await batcher.close()
  })

  it('goes on without those that leave, and without those that fail', async () => {
    const batcher = await openBatcher()
    const promptIds = prompt(20, 3)
    const alone = sequenceOf(batcher, { promptIds, count: 30 })
    await alone.ended
    const [kept, leaving] = [0, 1].map(() => sequenceOf(batcher, { promptIds, count: 30 })) as [Heard, Heard]
    const failing = new Promise((resolve) => {
      let told = 0
      const next = (): readonly number[] => {
        if (++told === 5) throw new RangeError('not a number')
        return [1]
      }
      batcher.start({ promptIds, maxTokens: 60, next, fail: resolve }, 0)
    })
    await expect.poll(() => leaving.logits.length, { interval: 0 }).toBeGreaterThan(3)
    leaving.leave()
    const heard = leaving.logits.length
    await kept.ended
    expect(await failing).toBeInstanceOf(RangeError)
    expect(bitsOf(kept.logits)).toEqual(bitsOf(alone.logits))
    expect(leaving.logits.length).toBe(heard)
    await batcher.close()
  })

  it('goes on where there is no memory for a sequence that leaves its row', async () => {
    const batcher = await openBatcher()
    const promptIds = prompt(20, 3)
    const beside = sequenceOf(batcher, { promptIds, count: 10 })
    const take = vi.spyOn(RowCache.prototype, 'take').mockImplementationOnce(() => {
      throw new RangeError('Array buffer allocation failed')
    })
    onTestFinished(() => take.mockRestore())
    const failing = new Promise((resolve) => {
      let told = 0
      batcher.start({ promptIds, maxTokens: 60, next: () => (++told === 5 ? [1, 2] : [1]), fail: resolve }, 0)
    })
    expect(await failing).toBeInstanceOf(RangeError)
    await beside.ended
    await sequenceOf(batcher, { promptIds, count: 3 }).ended
    await batcher.close()
  })

  it('fails all with closed when it is closed', async () => {
    const batcher = await openBatcher({ maxRows: 2 })
    const all = Array.from({ length: 4 }, (_, i) => sequenceOf(batcher, { promptIds: prompt(9, i), count: 400 }))
    const outcomes = Promise.allSettled(all.map(({ ended }) => ended))
    await expect.poll(() => all[0]!.logits.length, { interval: 0 }).toBeGreaterThan(1)
    await batcher.close()
    const closed = {
      status: 'rejected',
      reason: expect.objectContaining({ failure: { code: 'closed', model: 'tiny' } }),
    }
    expect(await outcomes).toEqual([closed, closed, closed, closed])
    expect(() => sequenceOf(batcher, { promptIds: [1], count: 1 })).toThrow('closed')
  })
})

describe('logprobs', () => {
  it('tell each token, its logarithm of probability and the likeliest ones', async () => {
    const { engine } = await open('plain')
    const events: EngineEvent[] = []
    const request = { ...requests[1]!, maxTokens: 12, logprobs: 3 }
    for await (const event of engine.generate(request)) events.push(event)
    const tokens = events.flatMap((event) => (event.type === 'token' ? [event] : []))
    const done = events.at(-1)
    expect(tokens.length).toBe(12)
    for (const { id, logprob, top } of tokens) {
      expect(top.length).toBe(3)
      expect(top.map((one) => one.logprob)).toEqual(top.map((one) => one.logprob).toSorted((a, b) => b - a))
      expect(logprob).toBeLessThanOrEqual(top[0]!.logprob)
      const listed = top.find((one) => one.id === id)
      if (listed !== undefined) expect(listed.logprob).toBe(logprob)
    }
    const mean = tokens.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0) / tokens.length
    expect(done).toMatchObject({ type: 'done', confidence: expect.closeTo(mean, 6) })
    await engine.close()
  })

  it('of the whole vocabulary sum up to 1', async () => {
    const { logprobsOf } = await import('../../../src/engine/sampler.ts')
    const logits = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i) * 9)
    const { of, likeliest } = logprobsOf(logits)
    const sum = logits.reduce((total, _, id) => total + Math.exp(of(id)), 0)
    expect(sum).toBeCloseTo(1, 7)
    expect(likeliest(2)).toEqual(
      Array.from(logits.keys())
        .toSorted((a, b) => logits[b]! - logits[a]!)
        .slice(0, 2),
    )
    expect(likeliest(0)).toEqual([])
  })
})
