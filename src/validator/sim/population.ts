import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { makeRng } from '../../base/random.ts'
import { newSubnet, type SubnetRules, subnetRules } from './subnetRules.ts'

/** How a miner may earn without doing the work; see `behaviourOf`. */
export const minerAttacks = {
  copy: 'answers what another miner answers, a little later',
  hotkeys: 'one model behind three hotkeys',
  swapped: 'a good model, exchanged for a cheap one half-way',
  'validators-only': 'answers validators, not app builders',
  constant: 'the same answer whatever the question',
  'look-up': 'knows the answers to other questions',
  injection: 'speaks to the scorer',
  hasty: 'guesses at once',
} as const

/** What a validator may do. */
export const validatorKinds = {
  honest: 'asks, scores, weighs',
  copier: 'sets what the others agree on, as far as it can read their weights',
  even: 'the same weight for all miners',
  lazy: 'scores once and never again',
  colluder: 'all weight to its own miner, which answers nothing',
} as const

export type MinerAttack = keyof typeof minerAttacks
export type ValidatorKind = keyof typeof validatorKinds

export interface PopulationMiner {
  readonly name: string
  /** Probability of a right answer, in [0, 1]; absent where answers do not come from a model. */
  readonly skill?: number
  /** Absent: honest. `friend`: a colluding validator's. */
  readonly attack?: MinerAttack | 'friend'
  /** The miner that a copy copies. */
  readonly source?: string
}

export interface PopulationValidator {
  readonly name: string
  readonly kind: ValidatorKind
  readonly alphaRao: bigint
  readonly rootRao: bigint
}

/** Who is on a subnet at the start, by uid: validators, then miners. */
export interface Population {
  readonly rules: SubnetRules
  readonly validators: readonly PopulationValidator[]
  readonly miners: readonly PopulationMiner[]
  /** A newcomer of random skill registers every so many epochs; 0: nobody comes. */
  readonly newcomerEveryEpochs: number
  /** What was taken for granted, for people. */
  readonly notes: readonly string[]
}

const alpha = 1_000_000_000n
const skills = { least: 0.2, most: 0.95 }
/** Two of the honest miners are this good, so that one may be robbed and luck be seen. */
const twinSkill = 0.8
const honestAlpha = [100_000n, 70_000n, 50_000n]
const otherAlpha = 20_000n

export interface GenerateOptions {
  /** Honest ones. */
  readonly miners: number
  readonly seed: string
  readonly newcomerEveryEpochs: number
  readonly rules?: Partial<SubnetRules>
}

/** Honest miners with skills uniform on 0.2 to 0.95, the first two equally good, and three honest validators. */
export function generatePopulation({ miners, seed, newcomerEveryEpochs, rules }: GenerateOptions): Population {
  const rng = makeRng(`${seed}/skills`)
  return {
    rules: { ...newSubnet, ...rules },
    validators: honestAlpha.map((amount, i) => validatorOf('honest', i + 1, amount)),
    miners: Array.from({ length: miners }, (_, i) => {
      const drawn = skills.least + (skills.most - skills.least) * rng.float()
      return { name: `miner-${i + 1}`, skill: i < 2 ? twinSkill : drawn }
    }),
    newcomerEveryEpochs,
    notes: [],
  }
}

/** The population with attack miners: one hotkey each, three for `hotkeys`. */
export function withAttacks(population: Population, attacks: readonly MinerAttack[]): Population {
  const source = nearest(population.miners, twinSkill)
  if (source === undefined) throw new InputError('miners', population.miners.length, 'give at least one honest miner')
  const { name, skill } = source
  const added = attacks.flatMap((attack): PopulationMiner[] => {
    if (attack === 'copy') return [{ name: 'copy', attack, source: name, skill: skill! }]
    if (attack === 'hotkeys') return [1, 2, 3].map((i) => ({ name: `hotkeys-${i}`, attack, skill: skill! }))
    const isModel = attack === 'swapped' || attack === 'validators-only'
    return [{ name: attack, attack, ...(isModel && { skill: skill! }) }]
  })
  return { ...population, miners: [...population.miners, ...added] }
}

/** The population with validators of other kinds, and with a miner for those that collude. */
export function withValidators(population: Population, counts: ReadonlyMap<ValidatorKind, number>): Population {
  const added = [...counts].flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, i) => validatorOf(kind, i + 1, otherAlpha)),
  )
  const friends = added
    .filter(({ kind }) => kind === 'colluder')
    .map(({ name }): PopulationMiner => ({ name: `friend-of-${name}`, attack: 'friend' }))
  return {
    ...population,
    validators: [...population.validators, ...added],
    miners: [...population.miners, ...friends],
  }
}

const name = z.string().min(1)
const share = z.number().min(0, 'give 0 to 1').max(1, 'give 0 to 1')
const tokens = z.number().min(0, 'give 0 or more').max(21_000_000)

const populationFile = z.strictObject({
  format: z.literal('faculty-population/1', { message: 'give "faculty-population/1"' }),
  subnet: subnetRules.prefault({}),
  miners: z
    .array(z.strictObject({ name, skill: share }))
    .min(1, 'give at least one')
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'give each a name of its own'),
  validators: z
    .array(
      z.strictObject({
        name,
        kind: z.enum(Object.keys(validatorKinds) as [ValidatorKind, ...ValidatorKind[]]).default('honest'),
        alpha: tokens,
        rootTao: tokens.default(0),
      }),
    )
    .refine(
      (all) => all.some(({ kind, alpha: amount }) => kind === 'honest' && amount > 0),
      'give an honest one with stake',
    )
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'give each a name of its own'),
  newcomerEveryEpochs: z.number().int().min(0).default(0),
})

/** What a population file says. Schema of `--population`: see docs/authors.md. */
export const population = populationFile.transform(
  ({ subnet, miners, validators, newcomerEveryEpochs }): Population => {
    const friends = validators.filter(({ kind }) => kind === 'colluder')
    return {
      rules: subnet,
      validators: validators.map(({ name, kind, alpha: amount, rootTao }) => ({
        ...{ name, kind },
        alphaRao: BigInt(Math.round(amount * 1e9)),
        rootRao: BigInt(Math.round(rootTao * 1e9)),
      })),
      miners: [...miners, ...friends.map((one) => ({ name: `friend-of-${one.name}`, attack: 'friend' as const }))],
      newcomerEveryEpochs,
      notes: [],
    }
  },
)

/** The honest miner whose skill is nearest, other than one. */
export function nearest(
  miners: readonly PopulationMiner[],
  skill: number,
  except?: string,
): PopulationMiner | undefined {
  const honest = miners.filter((miner) => miner.attack === undefined && miner.name !== except)
  return honest.sort((a, b) => Math.abs(a.skill! - skill) - Math.abs(b.skill! - skill))[0]
}

function validatorOf(kind: ValidatorKind, number: number, amount: bigint): PopulationValidator {
  return { name: `${kind}-${number}`, kind, alphaRao: amount * alpha, rootRao: 0n }
}
