import { InputError } from '../../base/errors.ts'
import { makeRng } from '../../base/random.ts'
import type { ValidatorDefinition } from '../../domain/defineValidator.ts'
import { checkDefinition } from './checkDefinition.ts'
import { Earnings } from './earnings.ts'
import { type MechanismReport, mechanismReport } from './mechanismReport.ts'
import type { Population, PopulationMiner } from './population.ts'
import { simMinerOf } from './simMinerOf.ts'
import { SimSubnet } from './simSubnet.ts'
import { SimValidators } from './simValidators.ts'
import { spearman } from './spearman.ts'

export interface MechanismOptions {
  readonly epochs: number
  /** Rounds of questions in one epoch. */
  readonly rounds: number
  /** Questions a miner and round on average. */
  readonly tasks: number
  readonly seed: string
}

/** Newcomers' skills. */
const skills = { least: 0.2, most: 0.95 }

/**
 * A domain's own tasks and scorer, this project's sampling, scoring and weights, and the chain's consensus over many
 * epochs: who earns what. Only the network and the models are left out.
 *
 * @throws InputError for a definition that no validator could use and for a population without an honest validator
 */
export function simulateMechanism(
  validator: ValidatorDefinition,
  population: Population,
  { epochs, rounds, tasks, seed }: MechanismOptions,
): MechanismReport {
  checkPopulation(population)
  const { forms, notes } = checkDefinition(validator, seed)
  const { rules, newcomerEveryEpochs } = population
  const swapRound = Math.floor(epochs / 2) * rounds
  const miners = new Map(population.miners.map((miner) => [miner.name, miner]))
  const stakes = new Map(population.validators.map((one) => [one.name, one]))
  const registrant = (hotkey: string) => {
    const { alphaRao = 0n, rootRao = 0n } = stakes.get(hotkey) ?? {}
    return { hotkey, alphaRao, rootRao }
  }
  const subnet = new SimSubnet(rules, [...stakes.keys(), ...miners.keys()].map(registrant))
  const validators = new SimValidators(validator, population, { seed, rounds, tasks, forms })
  const [earnings, late] = [new Earnings(), new Earnings()]
  const rng = makeRng(`${seed}/newcomers`)
  const newcomers: PopulationMiner[] = []
  const courses: { name: string; incentive: number }[][] = []
  let firstRanking = 0

  for (let epoch = 0; epoch < epochs; epoch++) {
    subnet.begin()
    if (newcomerEveryEpochs > 0 && epoch > 0 && epoch % newcomerEveryEpochs === 0) {
      const skill = skills.least + (skills.most - skills.least) * rng.float()
      const newcomer: PopulationMiner = { name: `newcomer-${newcomers.length + 1}`, skill }
      if (subnet.register(registrant(newcomer.name)) !== undefined) {
        newcomers.push(newcomer)
        miners.set(newcomer.name, newcomer)
      }
    }
    const here = subnet.hotkeys
    validators.play(
      subnet,
      here.flatMap((name) => (miners.has(name) ? [simMinerOf(miners.get(name)!, swapRound)] : [])),
    )
    if (epoch === 0) firstRanking = rankingOf(validators.scores, population.miners)
    const output = subnet.end()
    earnings.add(here, subnet.stakeShares, output)
    if (epoch >= epochs / 2) late.add(here, subnet.stakeShares, output)
    courses.push(here.map((name, uid) => ({ name, incentive: output.incentive[uid]! })))
  }

  return mechanismReport({
    domain: validator.domain,
    population,
    newcomers,
    ...{ earnings, late },
    hotkeys: subnet.hotkeys,
    scores: validators.scores,
    weights: validators.weights,
    courses,
    firstRanking,
    notes: [...notes, ...population.notes],
  })
}

function checkPopulation({ validators, miners, rules }: Population): void {
  const names = [...validators, ...miners].map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new InputError('population', twice, 'give each neuron a name of its own')
  if (!validators.some(({ kind }) => kind === 'honest')) {
    throw new InputError('validators', validators.length, 'give at least one honest one')
  }
  if (names.length > rules.maxNeurons) {
    throw new InputError('population', names.length, `the subnet has ${rules.maxNeurons} places`)
  }
}

/** Spearman's correlation of scores with skills, over the honest miners of the start. */
function rankingOf(scores: ReadonlyMap<string, number>, miners: readonly PopulationMiner[]): number {
  const honest = miners.filter(({ attack }) => attack === undefined)
  return spearman(
    honest.map(({ name }) => scores.get(name) ?? 0),
    honest.map(({ skill }) => skill!),
  )
}
