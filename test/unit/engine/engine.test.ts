import { afterAll, describe, expect, it } from 'vitest'
import type { Engine, EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import { EngineError } from '../../../src/engine/engineError.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { makeTrace } from '../../../src/engine/traceHash.ts'
import { historyTokens, type TinyModel, tinyModelFolder, vocabularyOf, workingScript } from './tinyModel.ts'

const cleanups: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
})

async function open(model: TinyModel): Promise<Engine> {
  const { folder, remove } = await tinyModelFolder(model)
  const engine = await openEngine({ folder, name: 'tiny' })
  cleanups.push(async () => {
    await engine.close()
    await remove()
  })
  return engine
}

function ask(content: string, settings: Partial<GenerateRequest> = {}): GenerateRequest {
  return { messages: [{ role: 'user', content }], maxTokens: 100, temperature: 0, ...settings }
}

async function collect(events: AsyncIterable<EngineEvent>) {
  const all: EngineEvent[] = []
  for await (const event of events) all.push(event)
  const done = all.at(-1)
  if (done?.type !== 'done') throw new Error('no done event')
  return { all, done, text: all.map((event) => (event.type === 'text' ? event.text : '')).join('') }
}

const history: TinyModel = { kind: 'history', endIds: [] }
const historyVocabulary = vocabularyOf(history)

/** As the tokenizer of the tiny models does it. */
function idsOf(text: string): number[] {
  return [...text].map((character) => historyVocabulary.indexOf(character === ' ' ? 'Ġ' : character))
}

describe('the cache, positions and mask of a real session', () => {
  it('give each next token from all tokens before it', async () => {
    const engine = await open(history)
    const { done } = await collect(engine.generate(ask('abc', { maxTokens: 40 })))
    const promptIds = idsOf('abc:')
    const trace = makeTrace(promptIds)
    for (const id of historyTokens(promptIds, 40, historyVocabulary.length)) trace.token(id)
    expect(done).toMatchObject({ reason: 'length', promptTokens: 4, completionTokens: 40, traceHash: trace.digest() })
  })

  it('are right for a prompt that is fed in several stretches', async () => {
    const engine = await open(history)
    const question = 'x'.repeat(299)
    const { done } = await collect(engine.generate(ask(question, { maxTokens: 5 })))
    const promptIds = idsOf(`${question}:`)
    const trace = makeTrace(promptIds)
    for (const id of historyTokens(promptIds, 5, historyVocabulary.length)) trace.token(id)
    expect(done.traceHash).toBe(trace.digest())
  })

  it('are each sequence’s own: side by side gives what one after the other gives', async () => {
    const engine = await open(history)
    const questions = Array.from({ length: 12 }, (_, i) => 'q'.repeat(i + 1))
    const alone: string[] = []
    for (const question of questions) alone.push((await collect(engine.generate(ask(question)))).done.traceHash)
    const together = await Promise.all(questions.map((question) => collect(engine.generate(ask(question)))))
    expect(together.map(({ done }) => done.traceHash)).toEqual(alone)
    expect(new Set(alone).size).toBe(questions.length)
  })

  it('go token by token in turn, so a long answer does not hold up a short one', async () => {
    const engine = await open(history)
    const order: string[] = []
    await Promise.all([
      collect(engine.generate(ask('long', { maxTokens: 300 }))).then(() => order.push('long')),
      collect(engine.generate(ask('short', { maxTokens: 3 }))).then(() => order.push('short')),
    ])
    expect(order).toEqual(['short', 'long'])
  })

  it('take further inputs that exports have', async () => {
    const extraInputs = [
      { name: 'use_cache_branch', type: 'bool', dims: [1] },
      { name: 'num_logits_to_keep', type: 'int64', dims: [] },
    ] as const
    const engine = await open({ ...history, extraInputs, graphName: 'decoder_model_merged.onnx' })
    const plain = await open(history)
    const answers = await Promise.all([engine, plain].map((each) => collect(each.generate(ask('same')))))
    expect(answers[0]!.done.traceHash).toBe(answers[1]!.done.traceHash)
  })
})

describe('the end of an answer', () => {
  it('comes before a stop string, of which nothing is shown', async () => {
    const engine = await open({ kind: 'script', script: workingScript('yes') })
    const { text, done } = await collect(engine.generate(ask('Q', { stop: ['er: y', '\nA'] })))
    expect(text).toBe(' <calc>6*7</calc>=42')
    expect(done.reason).toBe('stop')
  })

  it('comes at the context’s end', async () => {
    const engine = await open({ ...history, contextTokens: 10 })
    const { done } = await collect(engine.generate(ask('abc', { maxTokens: 1_000 })))
    expect(done).toMatchObject({ reason: 'length', promptTokens: 4, completionTokens: 6 })
  })

  it('is told with the mean probability of what the model chose', async () => {
    const engine = await open({ kind: 'script', script: ['a', '<eos>'] })
    const vocabulary = vocabularyOf({ kind: 'script', script: ['a', '<eos>'] }).length
    const { done } = await collect(engine.generate(ask('Q')))
    expect(done.confidence).toBeCloseTo(Math.exp(10) / (Math.exp(10) + vocabulary - 1), 6)
  })
})

describe('sampling', () => {
  it('with a seed repeats itself, with another seed it differs', async () => {
    const engine = await open(history)
    const sampled = (seed: number) => collect(engine.generate(ask('Q', { temperature: 50, seed, maxTokens: 30 })))
    const [first, again, other] = [await sampled(1), await sampled(1), await sampled(2)]
    expect(again.done.traceHash).toBe(first.done.traceHash)
    expect(other.done.traceHash).not.toBe(first.done.traceHash)
  })
})

describe('a request', () => {
  it.each([
    ['messages', { messages: [] }],
    ['maxTokens', { maxTokens: 0 }],
    ['temperature', { temperature: Number.NaN }],
    ['topP', { topP: 0 }],
    ['topK', { topK: 1.5 }],
    ['minP', { minP: 2 }],
    ['seed', { seed: 0.5 }],
    ['stop', { stop: [''] }],
  ] as const)('with an unusable %s is refused', async (field, settings) => {
    const engine = await open({ kind: 'script', script: ['a', '<eos>'] })
    const error = await failureOf(collect(engine.generate(ask('Q', settings))))
    expect(error).toMatchObject({ failure: { code: 'bad-request', field } })
  })

  it('that leaves no room for an answer is refused', async () => {
    const engine = await open({ ...history, contextTokens: 4 })
    expect(await failureOf(collect(engine.generate(ask('abc'))))).toMatchObject({
      failure: { code: 'too-long', promptTokens: 4, contextTokens: 4 },
    })
  })

  it('of a length that no tokenizer brings under the limit is refused before it is tokenised', async () => {
    const engine = await open(history)
    const failing = failureOf(collect(engine.generate(ask('x'.repeat(250_000)))))
    // The tiny tokenizer has one token a character, so the count tells that it has not run.
    expect(await failing).toMatchObject({ failure: { code: 'too-long', promptTokens: Math.ceil(250_001 / 64) } })
  })

  it('is prompted as Q and W where the model has no chat template', async () => {
    const engine = await open({ ...history, chatTemplate: null })
    const { done } = await collect(engine.generate(ask('abc')))
    expect(done.promptTokens).toBe('Q: abc\nW:'.length)
  })
})

describe('an interruption', () => {
  it('by the signal ends a running answer with AbortError', async () => {
    const engine = await open(history)
    const controller = new AbortController()
    const events = engine.generate(ask('Q', { maxTokens: 400 }), controller.signal)
    let pieces = 0
    const run = async (): Promise<void> => {
      for await (const event of events) {
        expect(event.type).toBe('text')
        if (++pieces === 3) controller.abort('enough')
      }
    }
    const error = await failureOf(run())
    expect(error).toMatchObject({ name: 'AbortError', cause: 'enough' })
    expect(pieces).toBe(3)
  })

  it('before it begins ends it at once', async () => {
    const engine = await open(history)
    const error = await failureOf(collect(engine.generate(ask('Q'), AbortSignal.abort())))
    expect(error).toMatchObject({ name: 'AbortError' })
  })

  it('by closing the engine fails what runs and what comes', async () => {
    const { folder, remove } = await tinyModelFolder(history)
    const engine = await openEngine({ folder })
    const running = collect(engine.generate(ask('Q', { maxTokens: 400 })))
    const failed = failureOf(running)
    await new Promise((resolve) => setTimeout(resolve, 5))
    await engine.close()
    await engine.close()
    expect(await failed).toMatchObject({ failure: { code: 'closed' } })
    expect(await failureOf(collect(engine.generate(ask('Q'))))).toMatchObject({ failure: { code: 'closed' } })
    await remove()
  })
})

async function failureOf(run: Promise<unknown>): Promise<EngineError | Error> {
  try {
    await run
  } catch (error) {
    if (error instanceof EngineError || error instanceof Error) return error
  }
  throw new Error('it did not fail')
}
