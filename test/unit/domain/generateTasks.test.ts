import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { defineValidator } from '../../../src/domain/defineValidator.ts'
import { generateTasks } from '../../../src/domain/generateTasks.ts'

const body = (question: string) => ({
  question,
  truth: { kind: 'label', label: 'yes', labels: ['yes', 'no'] } as const,
  chance: 0.5,
  working: 'none',
  answer: 'yes',
})

const validator = defineValidator({
  domain: 'test',
  families: [
    { name: 'one', source: 'none', make: (rng) => body(`one ${rng.int(0, 1_000_000)}`) },
    { name: 'two', source: 'none', make: (rng) => body(`two ${rng.int(0, 1_000_000)}`) },
  ],
  score: () => 1,
})

describe('generateTasks', () => {
  it('takes the families in turn and names domain and family', () => {
    const tasks = [...generateTasks(validator, { seed: 1, count: 5 })]
    expect(tasks.map((task) => `${task.domain} ${task.family}`)).toEqual([
      'test one',
      'test two',
      'test one',
      'test two',
      'test one',
    ])
  })

  it('repeats itself for a seed, starts a longer run with the shorter one, differs between seeds', () => {
    const short = [...generateTasks(validator, { seed: 1, count: 3 })]
    const long = [...generateTasks(validator, { seed: 1, count: 9 })]
    expect(long.slice(0, 3)).toEqual(short)
    expect([...generateTasks(validator, { seed: 2, count: 3 })]).not.toEqual(short)
    expect(new Set(long.map((task) => task.question)).size).toBe(9)
  })

  it('keeps to the families asked for and refuses others', () => {
    const tasks = [...generateTasks(validator, { seed: 1, count: 4, families: ['two'] })]
    expect(tasks.every((task) => task.family === 'two')).toBe(true)
    expect(() => generateTasks(validator, { seed: 1, count: 1, families: ['three'] })).toThrow(InputError)
    expect(() => generateTasks(validator, { seed: 1, count: 1, families: [] })).toThrow(InputError)
    expect(() => generateTasks(validator, { seed: 1, count: -1 })).toThrow(InputError)
    expect(() => generateTasks(validator, { seed: 1, count: 1.5 })).toThrow(InputError)
  })
})
