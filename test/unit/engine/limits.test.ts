import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import { isRefusal, type Limits, refusalOf, unsureRefusal } from '../../../src/engine/limits.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { tinyModelFolder } from './tinyModel.ts'

const limits: Limits = {
  words: new Set(['age', 'is', 'mg', 'dose']),
  numbers: new Set(['d', 'dd', 'dd.d', 'd,ddd', 'dth']),
  meanings: {},
  leastConfidence: 0.5,
}

describe('refusalOf', () => {
  it.each(['Patient Kalin Norford: age 67, dose 12.5 mg.', 'The 5th dose is $1,200.', '', 'Ärztin Ωmega is 5'])(
    'lets %s pass',
    (question) => {
      expect(refusalOf(limits, question)).toBeUndefined()
    },
  )

  it.each([
    ['age 167', 'numbers written like 167'],
    ['dose 12.50 mg', 'numbers written like 12.50'],
    ['dose 1.200,50 mg', 'numbers written like 1.200,50'],
    ['dose 1e5', 'numbers written like 1e5'],
    ['age 1/2', 'numbers written like 1/2'],
    ['the dose is 5', 'the word the'],
    ['its dosage was 5', 'the words its, dosage, was'],
    ['how very old one is', 'the words how, very, old and others'],
    ['возраст 5', 'the word возраст'],
  ])('%s: %s', (question, named) => {
    const refusal = refusalOf(limits, question)
    expect(refusal).toBe(`I was not trained on this: ${named}.`)
    expect(isRefusal(refusal!)).toBe(true)
  })

  it('takes no time over what is long', () => {
    const startedAt = performance.now()
    refusalOf(limits, '1.'.repeat(200_000))
    refusalOf(limits, 'a'.repeat(400_000))
    refusalOf(limits, 'Aa1.'.repeat(100_000))
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})

describe('a model that states its limits', () => {
  let remove: () => Promise<void> = async () => undefined
  afterEach(async () => await remove())

  async function events(
    leastConfidence: number,
    question: string,
    settings: Partial<GenerateRequest> = {},
    meanings: Readonly<Record<string, string>> = {},
  ): Promise<EngineEvent[]> {
    const made = await tinyModelFolder({ kind: 'script', script: ['a', 'b', '<eos>'] })
    remove = made.remove
    const stated = { words: [...limits.words], numbers: [...limits.numbers], meanings, leastConfidence }
    await writeFile(join(made.folder, 'limits.json'), JSON.stringify(stated))
    const engine = await openEngine({ folder: made.folder })
    const seen: EngineEvent[] = []
    const request = {
      messages: [{ role: 'user', content: question }],
      maxTokens: 9,
      temperature: 0,
      ...settings,
    } as const
    try {
      for await (const event of engine.generate(request)) seen.push(event)
    } finally {
      await engine.close()
    }
    return seen
  }
  const textOf = (seen: readonly EngineEvent[]): string =>
    seen.map((event) => (event.type === 'text' ? event.text : '')).join('')

  it('answers with the probability of the whole answer', async () => {
    const seen = await events(0.5, 'age 67')
    expect(textOf(seen)).toBe('ab')
    const done = seen.at(-1)!
    // Each of the three tokens has logit 10 among 98 others at 0.
    const vocabulary = 3 + 94 + 2
    const each = Math.exp(10) / (Math.exp(10) + vocabulary - 1)
    expect(done.type === 'done' && done.confidence).toBeCloseTo(each ** 3, 5)
  })

  it('refuses what it was not trained on, and what it would guess, with a trace and without confidence', async () => {
    const outside = await events(0.5, 'age 1678')
    const unsure = await events(0.9999, 'age 67')
    expect(textOf(outside)).toBe('I was not trained on this: numbers written like 1678.')
    expect(textOf(unsure)).toBe(unsureRefusal)
    const traces = [outside, unsure].map((seen) => seen.at(-1)!)
    for (const done of traces) {
      expect(done).toMatchObject({ type: 'done', reason: 'stop', traceHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
      expect(done).not.toHaveProperty('confidence')
    }
    expect(traces[0]).not.toEqual(traces[1])
  })

  it('explains a term only where the question names it', async () => {
    const explained = async (question: string, meaning: string): Promise<string> =>
      textOf(await events(0.5, question, {}, { 'an ABC': meaning, 'the XYZ': 'another' }))
    expect(await explained('Abc?', 'ab')).toBe('ab')
    expect(await explained('XYZ?', 'ab')).toBe(unsureRefusal)
    expect(await explained('XYZ?', 'abc')).toBe('ab')
  })

  it.each([
    ['temperature', { temperature: -1 }],
    ['maxTokens', { maxTokens: 0 }],
    ['seed', { seed: 0.5 }],
  ] as const)('says first that a request’s %s cannot be used', async (field, settings) => {
    await expect(events(0.5, 'age 1678', settings)).rejects.toMatchObject({ failure: { code: 'bad-request', field } })
  })
})
