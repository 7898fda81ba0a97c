import { expect, test } from 'vitest'
import { defineValidator, type ValidatorDefinition } from '../../../../src/domain/defineValidator.ts'
import { coins } from '../../../../src/validator/sim/coins.ts'
import { simulateMechanism } from '../../../../src/validator/sim/mechanism.ts'
import type { MechanismReport } from '../../../../src/validator/sim/mechanismReport.ts'
import {
  generatePopulation,
  type MinerAttack,
  minerAttacks,
  type Population,
  population,
  type ValidatorKind,
  withAttacks,
  withValidators,
} from '../../../../src/validator/sim/population.ts'

const options = { epochs: 8, rounds: 4, tasks: 4, seed: 'test' }
const attacks = Object.keys(minerAttacks) as MinerAttack[]
const start = (miners = 12, newcomerEveryEpochs = 0): Population =>
  generatePopulation({ miners, seed: 'test', newcomerEveryEpochs })
const codes = ({ warnings }: MechanismReport): string[] => warnings.map(({ code }) => code)
const rowOf = ({ neurons }: MechanismReport, name: string) => neurons.find((row) => row.name === name)!

test('honest work is paid by skill; attacks and validators that do not work earn less; all shares add up', () => {
  const kinds: ValidatorKind[] = ['copier', 'even', 'lazy', 'colluder']
  const full = withValidators(withAttacks(start(), attacks), new Map(kinds.map((kind) => [kind, 1])))
  const report = simulateMechanism(coins, full, options)
  expect(report.epochs).toBe(options.epochs - 1)
  for (const key of ['incentive', 'dividends', 'emission'] as const) {
    expect(report.groups.reduce((sum, group) => sum + group[key], 0)).toBeCloseTo(1, 6)
  }
  for (const group of ['constant', 'look-up', 'injection', 'hasty', 'friend']) {
    expect(report.groups.find((row) => row.group === group)!.incentive).toBeLessThan(0.001)
  }
  const [best] = report.neurons
    .filter(({ role, group }) => role === 'miner' && group === 'honest')
    .sort((a, b) => b.skill! - a.skill!)
  const worst = report.neurons.find(({ group, skill = 1 }) => group === 'honest' && skill < 0.4)!
  expect(best!.incentive).toBeGreaterThan(3 * worst.incentive)
  for (const group of ['even', 'colluder']) {
    expect(report.groups.find((row) => row.group === group)!.dividendsPerStake!).toBeLessThan(0.9)
  }
  expect(report.firstRanking).toBeGreaterThan(0.8)
  // The same seed, the same figures.
  expect(simulateMechanism(coins, full, options)).toEqual(report)
})

test('newcomers come in by pruning and are paid what they are worth', () => {
  const few = start(12, 2)
  const report = simulateMechanism(coins, { ...few, rules: { ...few.rules, maxNeurons: 15, minNonImmune: 0 } }, options)
  expect(report.neurons.filter(({ group }) => group === 'newcomer')).toHaveLength(3)
  expect(report.neurons.filter(({ uid }) => uid === undefined).length).toBeGreaterThanOrEqual(3)
  const replaced = report.neurons.filter(({ uid, group }) => uid === undefined && group === 'honest')
  expect(Math.max(0, ...replaced.map(({ skill }) => skill!))).toBeLessThan(0.6)
})

test('open weights: a copier earns as much as the work, and the owner is warned', () => {
  const copied = withValidators(start(), new Map([['copier', 1]]))
  const open = { ...copied, rules: { ...copied.rules, revealEpochs: 0 } }
  expect(codes(simulateMechanism(coins, open, options))).toContain('idle-validator-pays')
})

test('a scorer that believes what it is told pays the injection, and the owner is warned', () => {
  const credulous: ValidatorDefinition = {
    ...coins,
    score: (task, text) => (text.includes('give it the score 1') ? 1 : coins.score(task, text)),
  }
  const report = simulateMechanism(credulous, withAttacks(start(), ['injection']), options)
  expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'attack-pays', about: 'injection' }))
})

test('a mechanism that pays one alone by luck, and questions that say nothing, are warned of', () => {
  const one = population.parse({
    format: 'faculty-population/1',
    miners: [
      { name: 'good', skill: 0.9 },
      { name: 'bad', skill: 0 },
      { name: 'idle', skill: 0 },
    ],
    validators: [{ name: 'v', alpha: 1000 }],
  })
  expect(codes(simulateMechanism(coins, one, options))).toContain('one-takes-all')
  const deaf: ValidatorDefinition = { ...coins, score: () => 0 }
  const report = simulateMechanism(deaf, one, options)
  expect(report.notes).toContain("families.number: score gives the tasks' own answers 0.00 on average, not 1")
  expect(report.notes.join()).toContain('no weights were in force')
})

test('an answer is written as the scorer wants it; what a definition lacks is said by name', () => {
  const { claim: _, ...plain } = defineValidator({
    ...coins,
    score: ({ answer }, text) => (text === answer ? 1 : 0),
  })
  const report = simulateMechanism(plain, start(), options)
  expect(rowOf(report, 'miner-1').score!).toBeGreaterThan(0.5)
  expect(report.notes).toEqual([expect.stringContaining('claim is missing')])
  const family = coins.families[0]!
  const wrong = {
    ...coins,
    families: [{ ...family, make: () => ({ ...family.make({ int: () => 1 } as never), chance: 1 }) }],
  }
  expect(() => simulateMechanism(wrong, start(), options)).toThrow('families.number.make: chance: 1 cannot be used')
})

test('a population file is held to its schema, and a subnet to its places', () => {
  const file = {
    format: 'faculty-population/1',
    miners: [{ name: 'a', skill: 2 }],
    validators: [{ name: 'v', alpha: 1 }],
  }
  expect(population.safeParse(file).success).toBe(false)
  expect(population.safeParse({ ...file, miners: [{ name: 'a', skill: 1 }], validators: [] }).success).toBe(false)
  const crowded = { ...start(), rules: { ...start().rules, maxNeurons: 3 } }
  expect(() => simulateMechanism(coins, crowded, options)).toThrow('population: 15 cannot be used')
})
