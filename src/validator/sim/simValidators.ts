import type { Weights } from '../../chain/setWeights.ts'
import type { ValidatorDefinition } from '../../domain/defineValidator.ts'
import { draftWeights } from '../draftWeights.ts'
import type { AnswerForm } from './behaviour.ts'
import type { Population, PopulationValidator } from './population.ts'
import type { SimSubnet } from './simSubnet.ts'
import { type SimMiner, Simulation } from './simulation.ts'

export interface SimValidatorsOptions {
  readonly seed: string
  readonly rounds: number
  readonly tasks: number
  readonly forms: ReadonlyMap<string, AnswerForm>
}

/** More validators than this share the questions of these, since each asks all miners. */
export const mostSamplers = 4

/** The validators of a simulated subnet: those that ask and score, and those that do not. */
export class SimValidators {
  readonly #population: Population
  readonly #options: SimValidatorsOptions
  /** Asked and scored for the validators that do their work; the first one for those that did it once. */
  readonly #samplers: Simulation[]
  /** What a lazy validator found at first. */
  readonly #first = new Map<string, Weights | undefined>()
  /** Mean reward over the samplers by miner, and mean share of the honest validators' weights, of the last epoch. */
  scores: ReadonlyMap<string, number> = new Map()
  weights: ReadonlyMap<string, number> = new Map()

  constructor(validator: ValidatorDefinition, population: Population, options: SimValidatorsOptions) {
    this.#population = population
    this.#options = options
    const honest = population.validators.filter(({ kind }) => kind === 'honest').length
    const { tasks, forms, seed } = options
    this.#samplers = Array.from(
      { length: Math.min(mostSamplers, honest) },
      (_, i) => new Simulation(validator, [], `${seed}/validator ${i}`, { tasks, forms }),
    )
  }

  /** What all of them do in one epoch. */
  play(subnet: SimSubnet, miners: readonly SimMiner[]): void {
    const uids = new Map(subnet.hotkeys.map((hotkey, uid) => [hotkey, uid]))
    const drafts = this.#samplers.map((sampler) => {
      sampler.miners = miners
      for (let round = 0; round < this.#options.rounds; round++) sampler.next()
      return new Map([...sampler.rewards()].map(([hotkey, { reward }]) => [hotkey, reward]))
    })
    this.scores = meanOf(drafts)
    this.weights = meanOf(drafts.map(sharesOf))
    const here = this.#population.validators.filter(({ name }) => uids.has(name))
    const draft = (scores: ReadonlyMap<string, number>): Weights | undefined =>
      this.#draft(subnet.hotkeys.map((hotkey) => scores.get(hotkey) ?? 0))
    // Copiers last: where weights are open, they have those of this epoch before them.
    const isCopier = ({ kind }: PopulationValidator): boolean => kind === 'copier'
    let honest = 0
    for (const one of [...here.filter((other) => !isCopier(other)), ...here.filter(isCopier)]) {
      const uid = uids.get(one.name)!
      const sampled = drafts[one.kind === 'honest' ? honest++ % drafts.length : 0]!
      const weights = this.#weightsOf(one, uid, { subnet, miners, sampled, draft })
      if (weights !== undefined) subnet.send(uid, weights)
    }
  }

  #weightsOf(
    { name, kind }: PopulationValidator,
    uid: number,
    { subnet, miners, sampled, draft }: Look,
  ): Weights | undefined {
    switch (kind) {
      case 'honest':
        return draft(sampled)
      case 'lazy':
        if (!this.#first.has(name)) this.#first.set(name, draft(sampled))
        return this.#first.get(name)
      case 'even':
        return draft(new Map(miners.map(({ hotkey }) => [hotkey, 1])))
      case 'colluder':
        return draft(new Map([[`friend-of-${name}`, 1]]))
      case 'copier':
        return this.#draft([...subnet.visibleConsensus(uid)])
    }
  }

  #draft(scores: readonly number[]): Weights | undefined {
    return draftWeights(scores, this.#population.rules)
  }
}

interface Look {
  readonly subnet: SimSubnet
  readonly miners: readonly SimMiner[]
  readonly sampled: ReadonlyMap<string, number>
  readonly draft: (scores: ReadonlyMap<string, number>) => Weights | undefined
}

function sharesOf(values: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...values.values()].reduce((sum, value) => sum + value, 0)
  return new Map([...values].map(([name, value]) => [name, total === 0 ? 0 : value / total]))
}

function meanOf(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  return new Map(
    [...maps[0]!.keys()].map((name) => [name, maps.reduce((sum, map) => sum + (map.get(name) ?? 0), 0) / maps.length]),
  )
}
