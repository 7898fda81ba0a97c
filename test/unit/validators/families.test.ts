import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import type { Task, ValidatorDefinition } from '../../../src/domain/defineValidator.ts'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { calculate } from '../../../src/engine/calculator.ts'
import finance from '../../../validators/finance/validator.ts'
import law from '../../../validators/law/validator.ts'
import medicine from '../../../validators/medicine/validator.ts'

const count = 6000

describe.each([law, medicine, finance])('$domain', (validator: ValidatorDefinition) => {
  const tasks = [...generateTasks(validator, { seed: 'families test', count })]

  it('has at least five families, each with its source, and scores its own answers as right', () => {
    expect(validator.families.length).toBeGreaterThanOrEqual(5)
    expect(new Set(validator.families.map((family) => family.name)).size).toBe(validator.families.length)
    expect(validator.families.filter((family) => !/\d{4}|§|Rule|IAS/.test(family.source))).toEqual([])
    expect(tasks.filter((task) => validator.score(task, `${task.working}\nAnswer: ${task.answer}`) !== 1)).toEqual([])
  })

  it('asks in all three kinds: label, choice, number', () => {
    expect(new Set(tasks.map((task) => task.truth.kind))).toEqual(new Set(['label', 'choice', 'number']))
  })

  it('gives the same task for the same seed and hardly ever the same question for another', () => {
    for (const family of validator.families) {
      expect(family.make(makeRng('a'))).toEqual(family.make(makeRng('a')))
    }
    expect(new Set(tasks.map((task) => task.question)).size / count).toBeGreaterThan(0.98)
  })

  it('never shows the answer’s marker or a tag in a question, and keeps to one short line', () => {
    expect(
      tasks.filter((task) => /answer\s*:/i.test(task.question) || /[<>\n]|undefined|NaN/.test(task.question)),
    ).toEqual([])
    expect(Math.max(...tasks.map((task) => task.question.length))).toBeLessThan(420)
  })

  it('shows every call with the result that the engine’s calculator gives, and answers within tolerance', () => {
    for (const task of tasks) {
      const calls = [...task.working.matchAll(/<calc>([^<]*)<\/calc>=(-?[\d.]*\d)/g)]
      for (const [, expression, result] of calls) expect(result, expression).toBe(calculate(expression!))
      if (task.truth.kind !== 'number') continue
      const last = Number(calls.at(-1)![2])
      expect(Math.abs(last - task.truth.value), task.question).toBeLessThanOrEqual(task.truth.tolerance)
      expect(calls.at(-1)![2]).toBe(task.answer)
    }
  })

  it('copies every long number of a calculation verbatim from the question', () => {
    const constants = new Set(['75000', '1200', '0.85'])
    for (const task of tasks) {
      const shown = new Set(task.question.replace(/(?<=\d),(?=\d{3})/g, '').match(/\d+(\.\d+)?/g))
      const used = [...task.working.matchAll(/<calc>([^<]*)/g)].flatMap(([, text]) => text!.match(/\d+(\.\d+)?/g) ?? [])
      const strange = used.filter((number) => number.length >= 4 && !shown.has(number) && !constants.has(number))
      expect(strange, `${task.question} ${task.working}`).toEqual([])
    }
  })

  it('pays a constant answer no more than chance, in a family or over the domain', () => {
    const best = validator.families.map((family) => bestConstant(tasks.filter((task) => task.family === family.name)))
    for (const { family, constant, chance } of best) expect(constant, family).toBeLessThan(chance + 0.06)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(best.map(({ constant }) => constant))).toBeLessThan(mean(best.map(({ chance }) => chance)) + 0.025)
  })

  it('draws every label and every letter about equally often', () => {
    for (const family of validator.families) {
      const answers = tasks.filter((task) => task.family === family.name && task.truth.kind !== 'number')
      if (answers.length === 0) continue
      const expected = answers.length * answers[0]!.chance
      for (const [answer, times] of frequencies(answers)) {
        expect(Math.abs(times - expected), answer).toBeLessThan(5 * Math.sqrt(expected))
      }
      expect(frequencies(answers).size).toBe(Math.round(1 / answers[0]!.chance))
    }
  })

  /** The share that the most frequent answer earns, by the domain's own scorer. */
  function bestConstant(family: readonly Task[]): { family: string; constant: number; chance: number } {
    const candidates = [...frequencies(family)].sort((a, b) => b[1] - a[1]).slice(0, 5)
    const shares = candidates.map(
      ([answer]) => family.filter((task) => validator.score(task, `Answer: ${answer}`) === 1).length / family.length,
    )
    return { family: family[0]!.family, constant: Math.max(...shares), chance: family[0]!.chance }
  }
})

function frequencies(tasks: readonly Task[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const { answer } of tasks) times.set(answer, (times.get(answer) ?? 0) + 1)
  return times
}
