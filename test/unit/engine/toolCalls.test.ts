import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { calculate } from '../../../src/engine/calculator.ts'
import type { Engine, EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { followToolCalls } from '../../../src/engine/toolCalls.ts'
import { makeTrace } from '../../../src/engine/traceHash.ts'
import { type TinyModel, tinyModelFolder, vocabularyOf, workingScript } from './tinyModel.ts'

const cleanups: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
})

async function open(model: TinyModel): Promise<{ engine: Engine; lines: string[] }> {
  const { folder, remove } = await tinyModelFolder(model)
  const lines: string[] = []
  const engine = await openEngine({ folder, name: 'tiny', onDevice: (line) => lines.push(line) })
  cleanups.push(async () => {
    await engine.close()
    await remove()
  })
  return { engine, lines }
}

async function collect(engine: Engine, content: string, settings: Partial<GenerateRequest> = {}) {
  const all: EngineEvent[] = []
  const messages = [{ role: 'user', content }] as const
  for await (const event of engine.generate({ messages, maxTokens: 100, temperature: 0, ...settings })) all.push(event)
  const done = all.at(-1)
  if (done?.type !== 'done') throw new Error('no done event')
  const calls = all.flatMap((event) => (event.type === 'tool' ? [`${event.expression}=${event.result}`] : []))
  return { all, done, calls, text: all.map((event) => (event.type === 'text' ? event.text : '')).join('') }
}

/** What a model says that writes these tokens after `Q:`; `?` where the runtime should have written instead. */
async function answerTo(script: readonly string[], model: Partial<TinyModel> = {}) {
  return await collect((await open({ kind: 'places', script, ...model })).engine, 'Q')
}

describe('the calculator', () => {
  it('is called between its tags, its result is fed and belongs to the text', async () => {
    const { engine } = await open({ kind: 'script', script: workingScript('yes') })
    const { all, text, done, calls } = await collect(engine, 'six times seven')
    expect(text).toBe(' <calc>6*7</calc>=42\nAnswer: yes')
    expect(calls).toEqual(['6*7=42'])
    const seen = all.slice(
      0,
      all.findIndex(({ type }) => type === 'tool'),
    )
    expect(seen.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(' <calc>6*7</calc>')
    // Eight tokens and the end by the model, `=`, `4` and `2` fed.
    expect(done).toMatchObject({ reason: 'stop', completionTokens: 12 })
  })

  it('is in the trace, before the tokens that its result is fed as', async () => {
    const model: TinyModel = { kind: 'script', script: workingScript('yes') }
    const { done } = await collect((await open(model)).engine, 'Q')
    const id = (token: string): number => vocabularyOf(model).indexOf(token)
    const trace = makeTrace([id('Q'), id(':')])
    for (const token of ['Ġ', '<calc>', '6', '*', '7', '</calc>']) trace.token(id(token))
    trace.toolResult('42')
    for (const token of ['=', '4', '2', '\nAnswer: ', 'yes', '<eos>']) trace.token(id(token))
    expect(done.traceHash).toBe(trace.digest())
  })

  it('answers ERR to what is no expression, and the answer goes on', async () => {
    const { text, calls } = await answerTo(['<calc>', '6', '*', '</calc>', ...'????', '.'])
    expect(text).toBe('<calc>6*</calc>=ERR.')
    expect(calls).toEqual(['6*=ERR'])
  })

  it('does not feed past the limit', async () => {
    const { engine } = await open({ kind: 'script', script: workingScript('yes') })
    const { text, done } = await collect(engine, 'Q', { maxTokens: 8 })
    expect(text).toBe(' <calc>6*7</calc>=4')
    expect(done).toMatchObject({ reason: 'length', completionTokens: 8 })
  })

  it('is not called where a stop string ends the answer within its tag', async () => {
    const { engine } = await open({ kind: 'script', script: workingScript('yes') })
    const { text, calls } = await collect(engine, 'Q', { stop: ['/calc'] })
    expect(text).toBe(' <calc>6*7<')
    expect(calls).toEqual([])
  })
})

const call = ['<calc>', '6', '*', '7', '</calc>']

describe('<result>', () => {
  const script = [...call, ...'???', ' so ', '<result>', ...'??', '.']

  it('is followed by the last result, and is not shown itself', async () => {
    const { text, done, calls } = await answerTo(script)
    expect(text).toBe('<calc>6*7</calc>=42 so 42.')
    expect(calls).toEqual(['6*7=42'])
    expect(done).toMatchObject({ reason: 'stop', completionTokens: 14 })
  })

  it('is in the trace with the tokens that are fed after it', async () => {
    const { done } = await answerTo(script)
    const vocabulary = vocabularyOf({ kind: 'places', script })
    const id = (token: string): number => vocabulary.indexOf(token)
    const trace = makeTrace([id('Q'), id(':')])
    for (const token of call) trace.token(id(token))
    trace.toolResult('42')
    for (const token of [...'=42', ' so ', '<result>', ...'42', '.', '<eos>']) trace.token(id(token))
    expect(done.traceHash).toBe(trace.digest())
  })

  it('stands for the latest call wherever it is written, and as often', async () => {
    const second = ['<calc>', ...'0-0.29', '</calc>', ...'??????']
    const copies = [' a ', '<result>', ...'?????', ' b ', '<result>', ...'?????']
    const { text } = await answerTo([...call, ...'???', ' c ', '<result>', ...'??', ...second, ...copies])
    expect(text).toBe('<calc>6*7</calc>=42 c 42<calc>0-0.29</calc>=-0.29 a -0.29 b -0.29')
  })

  it('may stand in an expression', async () => {
    const { text, calls } = await answerTo([
      ...call,
      ...'???',
      '<calc>',
      '<result>',
      ...'??',
      '*',
      '2',
      '</calc>',
      ...'???',
    ])
    expect(text).toBe('<calc>6*7</calc>=42<calc>42*2</calc>=84')
    expect(calls).toEqual(['6*7=42', '42*2=84'])
  })

  it.each([
    ['no call', ['<result>', '.'], '.'],
    ['a call that gave ERR', ['<calc>', '/', '</calc>', ...'????', '<result>', '.'], '<calc>/</calc>=ERR.'],
    [
      'one that gave ERR after another that did not',
      [...call, ...'???', '<calc>', '/', '</calc>', ...'????', '<result>', '.'],
      '<calc>6*7</calc>=42<calc>/</calc>=ERR.',
    ],
  ])('is followed by nothing after %s', async (_, written, said) => {
    expect((await answerTo(written)).text).toBe(said)
  })

  it('never goes past the limit', async () => {
    const { engine } = await open({ kind: 'places', script })
    for (let maxTokens = 1; maxTokens <= 15; maxTokens++) {
      const { text, done } = await collect(engine, 'Q', { maxTokens })
      expect('<calc>6*7</calc>=42 so 42.'.startsWith(text)).toBe(true)
      expect(done.completionTokens).toBe(Math.min(maxTokens, 14))
      expect(done.reason).toBe(maxTokens < 14 ? 'length' : 'stop')
    }
  })

  it('draws nothing: only what the model chose counts for the confidence and has probabilities', async () => {
    const { engine } = await open({ kind: 'places', script })
    const { all, done } = await collect(engine, 'Q', { logprobs: 0 })
    const chosen = all.flatMap((event) => (event.type === 'token' ? [event.text] : []))
    expect(chosen).toEqual([...call, ' so ', '', '.', ''])
    const others = vocabularyOf({ kind: 'places', script }).length - 1
    expect(done.confidence).toBeCloseTo(Math.exp(10) / (Math.exp(10) + others), 6)
  })

  it('and calls in the question do nothing', async () => {
    const copying = await open({ kind: 'script', script: ['<result>', '<eos>'] })
    const copied = await collect(copying.engine, '<calc>6*7</calc>=42 so <result>')
    expect(copied.text).toBe('')
    expect(copied.done.completionTokens).toBe(2)
    const closing = await open({ kind: 'script', script: ['</calc>', '<eos>'] })
    const closed = await collect(closing.engine, 'Go on: <calc>6*7')
    expect(closed.text).toBe('</calc>')
    expect(closed.calls).toEqual([])
  })

  it('gives the same tokens alone and in a batch of 8', async () => {
    // After the `2` of each result one of three goes on, drawn by the request's seed.
    const round = [...call, ' is ', '<result>', ' and ']
    const { engine, lines } = await open({ kind: 'script', script: [...round, ...round, '<result>', '<eos>'] })
    expect(lines.at(-1)).toBe('batches: the same bits in any company')
    const ask = (seed: number) => collect(engine, 'Q'.repeat(1 + 9 * seed), { temperature: 1, seed })
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7]
    const alone: Awaited<ReturnType<typeof ask>>[] = []
    for (const seed of seeds) alone.push(await ask(seed))
    const together = await Promise.all(seeds.map(ask))
    expect(together.map(({ done }) => done.traceHash)).toEqual(alone.map(({ done }) => done.traceHash))
    expect(together.map(({ text }) => text)).toEqual(alone.map(({ text }) => text))
    expect(new Set(alone.map(({ text }) => text)).size).toBeGreaterThan(3)
    expect(alone.every(({ text }) => text.startsWith('<calc>6*7</calc>=42'))).toBe(true)
    expect(alone.filter(({ text }) => text.includes(' is 42')).length).toBeGreaterThan(1)
  })
})

describe('a model whose vocabulary has no tags', () => {
  const plain = { hasTags: false }

  it.each([
    ['letter by letter', [...'<calc>6*7</calc>', ...'???', '.']],
    ['in other pieces', ['<ca', 'lc>6*', '7<', '/calc>', ...'???', '.']],
    ['behind an open one', ['<calc>1+', '<calc>', '6*7', '</calc>', ...'???', '.'], '<calc>1+'],
    ['in one', ['<calc>6*7</calc>', ...'???', '.']],
    ['with a `=` that its last piece holds', ['<calc', '>6*7</calc', '>=', ...'??', '.']],
  ])('calls by its text, %s', async (_, script, before = '') => {
    const { text, calls, done } = await answerTo(script, plain)
    expect(text).toBe(`${before}<calc>6*7</calc>=42.`)
    expect(calls).toEqual(['6*7=42'])
    expect(done.completionTokens).toBe(script.length + 1)
  })

  it.each([
    ['where its last piece says more', ['<calc>6*7</calc>=41', '.']],
    ['where no call is open', ['6', '</calc>', '.']],
    ['where a tag is none', ['<calc', ' >', '6', '</calc>', '.']],
  ])('is left to itself %s', async (_, script) => {
    const { text, calls } = await answerTo(script, plain)
    expect(text).toBe(script.join(''))
    expect(calls).toEqual([])
  })

  it('stands in the trace as another does', async () => {
    const script = ['<calc>6', '*7</', 'calc>', ...'???']
    const { done } = await answerTo(script, plain)
    const vocabulary = vocabularyOf({ kind: 'places', script, ...plain })
    const id = (token: string): number => vocabulary.indexOf(token)
    const trace = makeTrace([id('Q'), id(':')])
    for (const token of script.slice(0, 3)) trace.token(id(token))
    trace.toolResult('42')
    for (const token of [...'=42', '<eos>']) trace.token(id(token))
    expect(done.traceHash).toBe(trace.digest())
  })

  it('is told of the calculator where its folder asks for it, and can then call', async () => {
    const chatTemplate = '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}:'
    const script = ['<calc>', '6', '*', '7', '</calc>', '<eos>']
    const model: TinyModel = { kind: 'script', script, chatTemplate, contextTokens: 1024, ...plain }
    const told = await collect((await open({ ...model, calculator: true })).engine, 'six times seven')
    const untold = await collect((await open(model)).engine, 'six times seven')
    expect(told.calls).toEqual(['6*7=42'])
    expect(told.done.promptTokens).toBeGreaterThan(untold.done.promptTokens + 200)
    const { folder, remove } = await tinyModelFolder({ ...model, chatTemplate: null, calculator: true })
    cleanups.push(remove)
    await expect(openEngine({ folder })).rejects.toMatchObject({
      failure: { code: 'bad-model', path: expect.stringMatching(/generation_config\.json$/) },
      mend: expect.stringContaining('chat_template.jinja'),
    })
  })
})

describe('followToolCalls', () => {
  const characters = (text: string): number[] => [...text].map((character) => character.codePointAt(0)!)
  const tokenizer = {
    encode: characters,
    encodeAfter: (_: string, text: string) => characters(text),
    decode: (ids: readonly number[]) => String.fromCodePoint(...ids),
    idOf: () => undefined,
  }
  const piece = fc.oneof(
    fc.constantFrom('<calc>', '</calc>', '<', '/', 'calc', '>', '=', '6', '*', '</calc>=', 'c>', '</ca', 'lc>', '><ca'),
    fc.string({ maxLength: 3 }),
  )

  it('finds in any pieces what a look at the whole text finds', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40, size: 'max' }), (pieces) => {
        const follow = followToolCalls(tokenizer)
        let whole = ''
        for (const text of pieces) {
          const before = whole.length
          whole += text
          const found = /<calc>((?:(?!<\/?calc>).)*)<\/calc>(=?)$/s.exec(whole)
          // The tag must have been completed by this piece.
          const isNew = found !== null && whole.length - found[2]!.length > before
          const feeding = follow(0, text)
          expect(feeding?.call?.expression).toBe(isNew ? found[1] : undefined)
          if (feeding === undefined) continue
          const fed = String.fromCodePoint(...feeding.ids)
          expect(found![2] + fed).toBe(`=${calculate(found![1]!)}`)
          whole += fed
        }
      }),
      { numRuns: 500 },
    )
  })
})
