import { makeRng } from '../../base/random.ts'
import { honest } from './behaviour.ts'
import { coins } from './coins.ts'
import { Simulation } from './simulation.ts'
import { spearman } from './spearman.ts'

export interface RankingOptions {
  readonly miners: number
  readonly rounds: number
  readonly seed: string
  /** Populations that are averaged over. */
  readonly runs: number
}

/** One point of the curve. */
export interface RankingPoint {
  /** Mean over the miners. */
  readonly queriesPerMiner: number
  /** Spearman's rank correlation of scores with true skills, mean over the runs: asks where the uncertainty is, or even. */
  readonly bandit: number
  readonly even: number
}

const tasks = 4
const skills = { least: 0.2, most: 0.95 }

/**
 * How fast the ranking of miners with known skills becomes right: skills uniform on 0.2 to 0.95, answers right or wrong
 * with that probability, each population ranked after every round by the validator's own sampler and scorer.
 */
export function rankingCurve({ miners, rounds, seed, runs }: RankingOptions): RankingPoint[] {
  const sums = Array.from({ length: rounds }, () => ({ bandit: 0, even: 0 }))
  for (let run = 0; run < runs; run++) {
    const rng = makeRng(`${seed}/population ${run}`)
    const truth = Array.from({ length: miners }, () => skills.least + (skills.most - skills.least) * rng.float())
    const population = truth.map((skill, i) => ({ hotkey: `miner-${i}`, behaviour: honest(skill) }))
    for (const mode of ['bandit', 'even'] as const) {
      const simulation = new Simulation(coins, population, `${seed}/${run}`, { tasks, bandit: mode === 'bandit' })
      for (let round = 0; round < rounds; round++) {
        simulation.next()
        const rewards = simulation.rewards()
        sums[round]![mode] += spearman(
          truth,
          population.map(({ hotkey }) => rewards.get(hotkey)!.own.score),
        )
      }
    }
  }
  return sums.map(({ bandit, even }, round) => ({
    queriesPerMiner: tasks * (round + 1),
    bandit: bandit / runs,
    even: even / runs,
  }))
}
