import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import type { TaskFamily } from '../../../src/domain/defineValidator.ts'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { heldOut } from '../../../src/domain/holdOut.ts'
import { builtInDomains, loadValidator } from '../../../src/domain/load.ts'

describe('heldOut', () => {
  it.each(['43', '5.8', '0.58', '0.058', '61,200', '$143.50', 'costs 6.1%', '(58)', '-43'])(
    'finds the hole in %s',
    (number) => {
      expect(heldOut(`age ${number}`)).toBe('range')
    },
  )

  it.each(['1958', '1,058', '44', '5.7', '3.58', 'CHA58', '0.158'])('finds none in %s', (number) => {
    expect(heldOut(`age ${number}`)).toBeUndefined()
  })

  it('looks at neighbouring clauses, not at numbers or names in them', () => {
    const pairs = Array.from({ length: 640 }, (_, i) => `the fact of kind ${'abcdefgh'.repeat(i)}`)
    const kinds = pairs.map((clause) => heldOut(`${clause}, age 22. What is the age?`))
    const share = kinds.filter((kind) => kind === 'sentence').length / pairs.length
    // Two junctions a question, one in 32 held out; the second is the same in all.
    expect(share).toBeGreaterThan(0.01)
    expect(share).toBeLessThan(0.07)
    const one = kinds.indexOf('sentence')
    expect(heldOut(`${pairs[one]}, age 99. What is the age?`)).toBe('sentence')
    expect(heldOut(`${pairs[one]}, height 99. What is the age?`)).not.toBe('sentence')
  })

  it('reads names as one, whatever they are', () => {
    const facts = Array.from({ length: 200 }, (_, i) => `fact ${'xyz'.repeat(i)}`)
    for (const fact of facts) {
      expect(heldOut(`Patient Kalin Norford: ${fact}.`)).toBe(heldOut(`Patient Wibel Marmoor: ${fact}.`))
    }
  })
})

describe.each(builtInDomains)('the sets of %s', (domain) => {
  it('hold what they are named for, and training nothing of it', async () => {
    const validator = await loadValidator(domain)
    const count = 4 * validator.families.length
    const sets = { training: undefined, sentences: 'sentence', ranges: 'range' } as const
    for (const [set, kind] of Object.entries(sets) as [keyof typeof sets, 'sentence' | 'range' | undefined][]) {
      const tasks = [...generateTasks(validator, { seed: 3, count, set })]
      expect(tasks.map(({ question }) => heldOut(question)).every((found) => found === kind)).toBe(true)
      const families = new Set(tasks.map(({ family }) => family))
      // Some families show no numbers, so that there are no ranges; every family has the other two.
      if (set === 'ranges') expect(families.size).toBeGreaterThan(validator.families.length / 2)
      else expect(families.size).toBe(validator.families.length)
    }
  })

  it('leave most of every family to train on', async () => {
    const validator = await loadValidator(domain)
    for (const { name, make } of validator.families) {
      const tasks = [
        ...generateTasks({ ...validator, families: [{ name, source: '', make }] }, { seed: 1, count: 200 }),
      ]
      const left = tasks.filter(({ question }) => heldOut(question) === undefined).length
      expect(left, name).toBeGreaterThan(80)
    }
  })

  it('leave training something of every ask: no sentence is held out wherever it stands', async () => {
    const { families } = await loadValidator(domain)
    expect(families.flatMap(({ name, make }) => untrained(make).map((sentence) => `${name}: ${sentence}`))).toEqual([])
  })
})

/**
 * The sentences of a family, numbers and names aside, that training never sees. One whose own comma, colon or "and" is a
 * junction held out takes every question that has it along; the mend is to word it as one clause.
 */
function untrained(make: TaskFamily['make']): string[] {
  // Two facts joined in one sentence are rarer than this, and may well be held out together; asks and subjects are not.
  const draws = 800
  const often = 12
  const times = new Map<string, { all: number; training: number }>()
  for (let i = 0; i < draws; i++) {
    const { question } = make(makeRng(`sentences/${i}`))
    const training = heldOut(question) === undefined ? 1 : 0
    for (const sentence of new Set(question.split(/(?<=[.?!]) /).map(shapeOf))) {
      const seen = times.get(sentence) ?? { all: 0, training: 0 }
      times.set(sentence, { all: seen.all + 1, training: seen.training + training })
    }
  }
  return [...times].filter(([, { all, training }]) => all >= often && training === 0).map(([sentence]) => sentence)
}

function shapeOf(sentence: string): string {
  return sentence
    .replace(/[A-Z][\w'-]*(?: [A-Z][\w'-]*)+/g, '@')
    .replace(/\d[\d.,]*(?<=\d)/g, '#')
    .toLowerCase()
}
