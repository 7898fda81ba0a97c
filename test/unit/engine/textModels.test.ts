import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../src/engine/engineError.ts'
import { LengthBatcher, type PaddedRows } from '../../../src/engine/lengthBatcher.ts'
import { openClassifier } from '../../../src/engine/openClassifier.ts'
import { openEncoder } from '../../../src/engine/openEncoder.ts'
import { type GraphSpec, onnxBytes } from './onnxBytes.ts'

const letters = [...'abcdefghijklmnopqrstuvwxyz', 'Ġ']
const width = 3
const embedding = Array.from({ length: letters.length * width }, (_, i) => Math.sin(i * 1.7))
const head = [1, -2, 0.5, 0, 1, -1]
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** States are letters' embeddings; logits are the head on the mean over the letters that the mask counts. */
const graph: GraphSpec = {
  name: 'encoder',
  nodes: [
    { op: 'Gather', inputs: ['embedding', 'input_ids'], outputs: ['last_hidden_state'] },
    { op: 'Cast', inputs: ['attention_mask'], outputs: ['mask'], attributes: { to: 1 } },
    { op: 'Unsqueeze', inputs: ['mask', 'two'], outputs: ['mask3'] },
    { op: 'Mul', inputs: ['last_hidden_state', 'mask3'], outputs: ['counted'] },
    { op: 'ReduceSum', inputs: ['counted', 'one'], outputs: ['sum'], attributes: { keepdims: 0 } },
    { op: 'ReduceSum', inputs: ['mask', 'one'], outputs: ['count'], attributes: { keepdims: 1 } },
    { op: 'Div', inputs: ['sum', 'count'], outputs: ['mean'] },
    { op: 'MatMul', inputs: ['mean', 'head'], outputs: ['logits'] },
  ],
  constants: [
    { name: 'embedding', type: 'float32', dims: [letters.length, width], data: embedding },
    { name: 'head', type: 'float32', dims: [width, 2], data: head },
    { name: 'one', type: 'int64', dims: [1], data: [1] },
    { name: 'two', type: 'int64', dims: [1], data: [2] },
  ],
  inputs: [
    { name: 'input_ids', type: 'int64', dims: ['batch', 'length'] },
    { name: 'attention_mask', type: 'int64', dims: ['batch', 'length'] },
  ],
  outputs: [
    { name: 'last_hidden_state', type: 'float32', dims: ['batch', 'length', width] },
    { name: 'logits', type: 'float32', dims: ['batch', 2] },
  ],
}

async function modelFolder(config: object = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faculty-encoder-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'onnx'))
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value))
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  await writeFile(join(folder, 'onnx', 'model.onnx'), onnxBytes(graph))
  await json('config.json', { max_position_embeddings: 40, id2label: { 0: 'no', 1: 'yes' }, ...config })
  await json('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast' })
  await json('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: { type: 'BPE', unk_token: null, vocab: Object.fromEntries(letters.map((l, id) => [l, id])), merges: [] },
  })
  return folder
}

function meanOf(text: string): number[] {
  const ids = [...text].map((letter) => letters.indexOf(letter === ' ' ? 'Ġ' : letter))
  return Array.from(
    { length: width },
    (_, i) => ids.reduce((sum, id) => sum + embedding[id * width + i]!, 0) / ids.length,
  )
}

const texts = [
  'a',
  'dose',
  'the interest due',
  'a contract of sale is void',
  'z',
  'the quick brown fox jumps over dogs',
]

describe('openEncoder', () => {
  it('gives each text its own vector, of length 1, in whatever company', async () => {
    const encoder = await openEncoder({ folder: await modelFolder() })
    cleanups.push(() => encoder.close())
    const vectors = await Promise.all(texts.map((text) => encoder.embed(text)))
    for (const [index, vector] of vectors.entries()) {
      const mean = meanOf(texts[index]!)
      const right = mean.map((value) => value / Math.hypot(...mean))
      for (let i = 0; i < width; i++) expect(vector[i]).toBeCloseTo(right[i]!, 5)
      expect(await encoder.embed(texts[index]!)).toEqual(vector)
    }
    await expect(encoder.embed('x'.repeat(41))).rejects.toMatchObject({
      failure: { code: 'too-long', promptTokens: 41 },
    })
    await expect(encoder.embed('')).rejects.toMatchObject({ failure: { code: 'bad-request', field: 'text' } })
  })
})

describe('openClassifier', () => {
  const logitsOf = (text: string): number[] =>
    [0, 1].map((label) => meanOf(text).reduce((sum, value, i) => sum + value * head[i * 2 + label]!, 0))

  it('gives the labels of a text by probability', async () => {
    const classifier = await openClassifier({ folder: await modelFolder() })
    cleanups.push(() => classifier.close())
    expect(classifier.labels).toEqual(['no', 'yes'])
    const found = await Promise.all(texts.map((text) => classifier.classify(text)))
    for (const [index, labels] of found.entries()) {
      const [no, yes] = logitsOf(texts[index]!)
      const right = 1 / (1 + Math.exp(no! - yes!))
      expect(labels.find(({ label }) => label === 'yes')!.probability).toBeCloseTo(right, 5)
      expect(labels[0]!.probability).toBeGreaterThanOrEqual(labels[1]!.probability)
    }
  })

  it('gives each label a probability of its own where a text may have several', async () => {
    const classifier = await openClassifier({
      folder: await modelFolder({ problem_type: 'multi_label_classification' }),
    })
    cleanups.push(() => classifier.close())
    const [no] = logitsOf('dose')
    const labels = await classifier.classify('dose')
    expect(labels.find(({ label }) => label === 'no')!.probability).toBeCloseTo(1 / (1 + Math.exp(-no!)), 5)
  })

  it('refuses a model without labels, and a decoder', async () => {
    await expect(openClassifier({ folder: await modelFolder({ id2label: undefined }) })).rejects.toThrow(/id2label/)
    const law = new URL('../../../miners/law/expert', import.meta.url).pathname
    await expect(openClassifier({ folder: law })).rejects.toMatchObject({ failure: { code: 'bad-model' } })
  })

  it('fails what waits when it is closed', async () => {
    const classifier = await openClassifier({ folder: await modelFolder(), limits: { waitMs: 60_000 } })
    const waiting = classifier.classify('dose')
    const outcome = expect(waiting).rejects.toMatchObject({ failure: { code: 'closed' } })
    await classifier.close()
    await outcome
    await expect(classifier.classify('dose')).rejects.toMatchObject({ failure: { code: 'closed' } })
  })
})

describe('LengthBatcher', () => {
  const limits = { maxRows: 3, maxWaiting: 8, waitMs: 60_000 }
  /** Gives each row its number of tokens; `batches` are the runs' row lengths. */
  function batcherOf(own: Partial<typeof limits> = {}) {
    const batches: number[][] = []
    const compute = async ({ rows, length }: PaddedRows): Promise<number[]> => {
      await new Promise((resolve) => setImmediate(resolve))
      if (length > 32) throw new RangeError('too long for it')
      batches.push(rows.map((ids) => ids.length))
      return rows.map((ids) => ids.length)
    }
    return { batches, batcher: new LengthBatcher(compute, { limits: { ...limits, ...own }, maxLength: 50 }) }
  }
  const tokens = (count: number): number[] => new Array<number>(count).fill(1)
  const closed = new EngineError('closed', { code: 'closed', model: 'x' })

  it('runs a full batch of one length at once and leaves the others waiting', async () => {
    const { batcher, batches } = batcherOf()
    const others = Promise.allSettled([batcher.add(tokens(20)), batcher.add(tokens(40))])
    expect(await Promise.all([3, 16, 5].map((count) => batcher.add(tokens(count))))).toEqual([3, 16, 5])
    expect(batches).toEqual([[3, 16, 5]])
    await batcher.close(closed)
    expect(await others).toEqual([20, 40].map(() => ({ status: 'rejected', reason: closed })))
  })

  it('runs what waits when its time has come, by length', async () => {
    const { batcher, batches } = batcherOf({ waitMs: 1 })
    expect(await Promise.all([20, 3, 25, 4].map((count) => batcher.add(tokens(count))))).toEqual([20, 3, 25, 4])
    expect(batches).toEqual([
      [20, 25],
      [3, 4],
    ])
    await expect(batcher.add(tokens(33))).rejects.toThrow('too long for it')
    expect(await batcher.add(tokens(2))).toBe(2)
  })

  it('refuses what is too much, and forgets what is cancelled', async () => {
    const { batcher, batches } = batcherOf({ maxWaiting: 2 })
    const controller = new AbortController()
    const kept = batcher.add(tokens(1))
    const cancelled = batcher.add(tokens(2), controller.signal)
    await expect(batcher.add(tokens(3))).rejects.toMatchObject({ failure: { code: 'busy', waiting: 2 } })
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
    await expect(batcher.add(tokens(2), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    const more = Promise.allSettled([batcher.add(tokens(4))])
    expect(batches).toEqual([])
    const failed = expect(kept).rejects.toBe(closed)
    await batcher.close(closed)
    await failed
    await more
  })
})
