import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import type { Task, ValidatorDefinition } from '../../../src/domain/defineValidator.ts'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { workedAnswer } from '../../../src/domain/workedAnswer.ts'
import { calculate } from '../../../src/engine/calculator.ts'
import finance from '../../../validators/finance/validator.ts'
import law from '../../../validators/law/validator.ts'
import medicine from '../../../validators/medicine/validator.ts'

const eachFamily = 400
const longestQuestion = 520
const fewestFamilies = 15
const fewestClaimsFamilies = 1

/** Numbers of rules and formulas, beside those of a question, with three characters or more. */
const constants: Readonly<Record<string, readonly string[]>> = {
  medicine: [
    ...['140', '0.85', '0.5', '7.4', '0.8'],
    ...['142', '0.7', '0.9', '1.2', '0.241', '0.302', '0.9938', '1.012'],
    ...['7.33', '4.56', '0.24', '137', '0.82', '9.09', '11.14', '1.83', '3.5', '1.85'],
    ...['160', '100', '1.5', '1.6', '2.5'],
    ...['18.02', '38.67', '88.57', '4.008', '2.801', '88.4', '17.1', '59.48'],
  ],
  finance: ['100', '200', '0.5', '1200', '2000000', '36000', '1.645', '1.96', '2.326'],
  law: ['75000', '100', '365', '225000', '150000', '300000'],
}

describe.each([law, medicine, finance])('$domain', (validator: ValidatorDefinition) => {
  const count = eachFamily * validator.families.length
  const tasks = [...generateTasks(validator, { seed: 'families test', count })]

  it('has at least fifteen families, each with its source, and scores its own answers as right', () => {
    expect(validator.families.length).toBeGreaterThanOrEqual(fewestFamilies)
    expect(new Set(validator.families.map((family) => family.name)).size).toBe(validator.families.length)
    expect(validator.families.filter((family) => !/\d{4}|§|Rule|IAS/.test(family.source))).toEqual([])
    expect(tasks.filter((task) => validator.score(task, workedAnswer(task)) !== 1)).toEqual([])
  })

  it('scores every wrong answer 0', () => {
    const paid = tasks.flatMap((task) =>
      wrongAnswers(task)
        .filter((wrong) => validator.score(task, `${task.working}\nAnswer: ${wrong}`) !== 0)
        .map((wrong) => `${task.family}: ${wrong} for ${task.answer}`),
    )
    expect(paid).toEqual([])
  })

  it('asks in all four kinds: label, choice, number, claims', () => {
    expect(new Set(tasks.map((task) => task.truth.kind))).toEqual(new Set(['label', 'choice', 'number', 'claims']))
    const free = new Set(tasks.filter((task) => task.truth.kind === 'claims').map((task) => task.family))
    expect(free.size).toBeGreaterThanOrEqual(fewestClaimsFamilies)
  })

  it('says every result in words, with its rule, and what the family is about', () => {
    const rules = new Map<string, Set<string>>()
    for (const task of tasks) {
      expect(task.term, task.family).toMatch(/^[A-Za-z][ -~]{2,59}[^.]$/)
      expect(task.meaning, task.family).toMatch(/^[A-Z].{29,210}\)\.$/)
      expect(task.rule, task.family).toMatch(/^[A-Z].{29,210}\)\.$/)
      rules.set(task.family, (rules.get(task.family) ?? new Set()).add(task.rule!))
      if (task.truth.kind === 'claims') expect(task.statement, task.family).toBeUndefined()
      else expect(task.statement, task.family).toMatch(/^[A-Z][ -~]{5,98}\.$/)
    }
    for (const [family, own] of rules) expect(own.size, family).toBeLessThanOrEqual(10)
  })

  it('states a number once, and no other', () => {
    const strange = tasks.filter(({ truth, statement, answer }) => {
      const numbers = statement?.match(/(?<![\w.-])-?\d+(\.\d+)?/g) ?? []
      return truth.kind === 'number' && (numbers.length !== 1 || numbers[0] !== answer)
    })
    expect(strange.map(({ family, statement }) => `${family}: ${statement}`)).toEqual([])
  })

  it('keeps to answers and workings that a small model can write', () => {
    expect(tasks.filter((task) => /[^\x20-\x7e]/.test(task.working + task.statement + task.answer))).toEqual([])
    expect(Math.max(...tasks.map((task) => task.working.length + task.answer.length))).toBeLessThan(270)
  })

  it('gives the same task for the same seed and hardly ever the same question for another', () => {
    for (const family of validator.families) {
      expect(family.make(makeRng('a'))).toEqual(family.make(makeRng('a')))
    }
    expect(new Set(tasks.map((task) => task.question)).size / count).toBeGreaterThan(0.98)
  })

  it('gives in the question all that decides the answer', () => {
    const answers = new Map(tasks.map((task) => [task.question, task.answer]))
    expect(tasks.filter((task) => answers.get(task.question) !== task.answer)).toEqual([])
  })

  it('never shows the answer’s marker or a tag in a question, and keeps to one short line', () => {
    expect(
      tasks.filter((task) => /answer\s*:/i.test(task.question) || /[<>\n]|undefined|NaN/.test(task.question)),
    ).toEqual([])
    expect(Math.max(...tasks.map((task) => task.question.length))).toBeLessThan(longestQuestion)
  })

  it('shows every call with the result that the engine’s calculator gives, and answers within tolerance', () => {
    const faults = tasks.flatMap((task) => {
      const calls = [...task.working.matchAll(/<calc>([^<]*)<\/calc>=(-?[\d.]*\d)/g)]
      const all = task.working.match(/<calc>/g)?.length ?? 0
      const wrong = calls.filter(([, expression, result]) => result !== calculate(expression!))
      if (wrong.length > 0 || calls.length !== all) return [`${task.family}: ${task.working}`]
      if (task.truth.kind !== 'number') return []
      const last = calls.at(-1)?.[2]
      const isAnswer = last === task.answer && Math.abs(Number(last) - task.truth.value) <= task.truth.tolerance
      return isAnswer ? [] : [`${task.family}: ${task.working}, but ${task.answer}`]
    })
    expect(faults).toEqual([])
  })

  it('copies every long number of a calculation verbatim from the question', () => {
    const known = new Set(constants[validator.domain])
    const faults = tasks.flatMap((task) => {
      const shown = new Set(task.question.replace(/(?<=\d),(?=\d{3})/g, '').match(/\d+(\.\d+)?/g))
      const used = [...task.working.matchAll(/<calc>([^<]*)/g)].flatMap(([, text]) => text!.match(/\d+(\.\d+)?/g) ?? [])
      const strange = used.filter((number) => number.length >= 3 && !shown.has(number) && !known.has(number))
      return strange.length === 0 ? [] : [`${strange} in ${task.family}: ${task.question} ${task.working}`]
    })
    expect(faults).toEqual([])
  })

  it('pays a constant answer no more than chance, in a family or over the domain', () => {
    const best = validator.families.map((family) => bestConstant(tasks.filter((task) => task.family === family.name)))
    for (const { family, constant, chance } of best) expect(constant, family).toBeLessThan(chance + 0.06)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(best.map(({ constant }) => constant))).toBeLessThan(mean(best.map(({ chance }) => chance)) + 0.025)
  })

  it('draws every label and every letter about equally often', () => {
    for (const family of validator.families) {
      const answers = tasks.filter(
        (task) => task.family === family.name && ['label', 'choice'].includes(task.truth.kind),
      )
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

/** Answers that are near the right one and wrong. */
function wrongAnswers({ truth, answer }: Task): string[] {
  switch (truth.kind) {
    case 'label':
      return [...truth.labels.filter((label) => label !== truth.label), truth.labels.join(' '), `not ${truth.label}`]
    case 'choice':
      return [...truth.letters.filter((letter) => letter !== truth.letter), truth.letters.join('')]
    case 'number':
      return [1.1, -1.1, 30].map((times) => (truth.value + times * truth.tolerance).toFixed(9))
    case 'claims': {
      const sentences = answer.split(/(?<=\.) /)
      return [
        sentences[0]!,
        ...sentences.map((left) => answer.replace(left, `It is not true that ${left.toLowerCase()}`)),
        answer.replace(/\d+(\.\d+)?/, (number) => String(Number(number) + 7)),
        `If this is so: ${answer}`.replaceAll('. ', ', '),
        'It depends.',
      ]
    }
  }
}

function frequencies(tasks: readonly Task[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const { answer } of tasks) times.set(answer, (times.get(answer) ?? 0) + 1)
  return times
}
