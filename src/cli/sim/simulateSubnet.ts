import { readFileSync } from 'node:fs'
import { InputError, messageOf } from '../../base/errors.ts'
import { parseJson } from '../../base/parse.ts'
import { withoutControls } from '../../base/withoutControls.ts'
import { loadValidator } from '../../domain/load.ts'
import { simulateMechanism } from '../../validator/sim/mechanism.ts'
import {
  generatePopulation,
  type MinerAttack,
  minerAttacks,
  type Population,
  population as populationSchema,
  type ValidatorKind,
  validatorKinds,
  withAttacks,
  withValidators,
} from '../../validator/sim/population.ts'
import type { CommandIo } from '../command.ts'
import { withChain } from '../openChain.ts'
import type { SimValues } from '../sim.ts'
import { jsonText } from '../table.ts'
import { mechanismText } from './mechanismText.ts'

const defaults = { epochs: 30, rounds: 4, miners: 24, newcomers: 5, domain: 'law' }
const questionsPerRound = 4
const attackNames = Object.keys(minerAttacks) as MinerAttack[]
const idleKinds = (Object.keys(validatorKinds) as ValidatorKind[]).filter((kind) => kind !== 'honest')

/** `faculty sim --epochs …`: a domain's mechanism over many epochs. */
export async function simulateSubnet(values: SimValues, io: CommandIo): Promise<number> {
  const isGiven = values.population !== undefined || values.netuid !== undefined
  const everything = isGiven ? 'none' : 'all'
  const attacks = attacksIn(values.attack ?? everything)
  const counts = kindsIn(values.validators ?? everything)
  const validator = await loadValidator(values.domain ?? defaults.domain)
  const start = withRules(await startOf(values), values)
  // Those that are added must find places on a full subnet.
  const room = attacks.length + 2 * Number(attacks.includes('hotkeys')) + placesOf(counts)
  const population = withValidators(withAttacks(withRoom(start, room), attacks), counts)
  const report = simulateMechanism(validator, population, {
    epochs: values.epochs ?? defaults.epochs,
    rounds: values.rounds ?? defaults.rounds,
    tasks: questionsPerRound,
    seed: values.seed,
  })
  if (values.json) io.print(jsonText(report))
  // Names come from files and chains.
  else for (const block of mechanismText(report)) io.print(withoutControls(block))
  return 0
}

async function startOf(values: SimValues): Promise<Population> {
  const { population: path, netuid } = values
  if (path !== undefined && netuid !== undefined) {
    throw new InputError('--population', path, 'leave out --netuid: the population comes from one of the two')
  }
  if (path !== undefined) return parseJson(populationSchema, textOf(path), path)
  if (netuid !== undefined) {
    return await withChain(values, async (chain) => {
      const { chainPopulation } = await import('../../validator/sim/chainPopulation.ts')
      return await chainPopulation(chain, { netuid })
    })
  }
  const { miners = defaults.miners, newcomers = defaults.newcomers, seed } = values
  const generated = generatePopulation({ miners, seed, newcomerEveryEpochs: newcomers })
  // A newcomer takes somebody's place, as on a subnet that is worth coming to.
  const hotkeys = generated.validators.length + generated.miners.length
  return { ...generated, rules: { ...generated.rules, maxNeurons: hotkeys } }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError('--population', path, `it cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

function withRules(population: Population, { reveal, newcomers }: SimValues): Population {
  return {
    ...population,
    rules: { ...population.rules, ...(reveal !== undefined && { revealEpochs: reveal }) },
    newcomerEveryEpochs: newcomers ?? population.newcomerEveryEpochs,
  }
}

function withRoom(population: Population, places: number): Population {
  const { rules, validators, miners } = population
  const needed = validators.length + miners.length + places
  return needed <= rules.maxNeurons ? population : { ...population, rules: { ...rules, maxNeurons: needed } }
}

function placesOf(counts: ReadonlyMap<ValidatorKind, number>): number {
  // A colluding validator brings its miner.
  return [...counts].reduce((sum, [kind, count]) => sum + count * (kind === 'colluder' ? 2 : 1), 0)
}

function attacksIn(list: string): MinerAttack[] {
  if (list === 'none') return []
  if (list === 'all') return attackNames
  return list.split(',').map((part) => {
    const name = attackNames.find((attack) => attack === part.trim())
    if (name === undefined)
      throw new InputError('--attack', part, `name some of ${attackNames.join(', ')}, all or none`)
    return name
  })
}

function kindsIn(list: string): Map<ValidatorKind, number> {
  if (list === 'none') return new Map()
  if (list === 'all') return new Map(idleKinds.map((kind) => [kind, 1]))
  return new Map(
    list.split(',').map((part) => {
      const [, name, count = '1'] = /^\s*([a-z]+)\s*(?:=\s*(\d{1,3}))?\s*$/.exec(part) ?? []
      const kind = idleKinds.find((one) => one === name)
      if (kind === undefined) {
        throw new InputError('--validators', part, `give kinds or kind=number: ${idleKinds.join(', ')}, all or none`)
      }
      return [kind, Number(count)] as const
    }),
  )
}
