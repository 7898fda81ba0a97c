import { z } from 'zod'
import { setting } from '../base/config.ts'
import type { FallResult, SteadyResult } from '../validator/sim/falls.ts'
import type { RankingPoint } from '../validator/sim/ranking.ts'
import { defineCommand } from './command.ts'
import { count, json } from './settings.ts'
import { jsonText, table } from './table.ts'

interface SimReport {
  readonly ranking: readonly RankingPoint[]
  readonly falls: readonly FallResult[]
  readonly steady: readonly SteadyResult[]
}

const fallRuns = 1_000
const steadyRuns = 400

export const command = defineCommand({
  summary: `Simulates a validator's sampling and scoring over miners whose true skill is known; no network, no chain.
Shows how fast the ranking becomes right, and how soon a miner that becomes worse is noticed.`,
  settings: {
    miners: setting(count.default(64), { help: 'how many miners', takes: 'N' }),
    rounds: setting(count.default(20), { help: 'rounds of 4 questions a miner on average', takes: 'N' }),
    runs: setting(count.default(4), { help: 'populations that are averaged over', takes: 'N' }),
    seed: setting(z.string().default('0'), { help: 'any text or number', takes: 'N' }),
    ...json,
  },
  run: async ({ values }, io) => {
    const { rankingCurve } = await import('../validator/sim/ranking.ts')
    const { fallResults, steadyResults } = await import('../validator/sim/falls.ts')
    const { seed } = values
    const report: SimReport = {
      ranking: rankingCurve(values),
      falls: fallResults(seed, fallRuns),
      steady: steadyResults(seed, steadyRuns),
    }
    if (values.json) io.print(jsonText(report))
    else for (const block of forPeople(report, values.miners)) io.print(block)
    return 0
  },
})

function forPeople({ ranking, falls, steady }: SimReport, miners: number): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`
  const curve = table(
    ['queries a miner', 'asked where unsure', 'asked evenly'],
    ranking.map(({ queriesPerMiner, bandit, even }) => [String(queriesPerMiner), bandit.toFixed(3), even.toFixed(3)]),
  )
  const noticed = table(
    ['skill', 'answers', 'asked more', 'past dropped', 'ceiling'],
    falls.map(({ from, to, within, suspected, noticed: dropped, ceiling }) => [
      `${from} → ${to}`,
      String(within),
      percent(suspected),
      percent(dropped),
      percent(ceiling),
    ]),
  )
  const alarms = table(
    ['steady skill', 'false alarms in 200 answers'],
    steady.map(({ skill, falseAlarms }) => [String(skill), percent(falseAlarms)]),
  )
  return [
    `Spearman correlation of scores with true skills, ${miners} miners, skills from 0.2 to 0.95\n${curve}\n`,
    `A miner that becomes worse, noticed within so many answers; the ceiling is what the best test could do\n${noticed}\n`,
    alarms,
  ]
}
