import { z } from 'zod'
import { type SettingValues, setting } from '../base/config.ts'
import type { FallResult, SteadyResult } from '../validator/sim/falls.ts'
import type { RankingPoint } from '../validator/sim/ranking.ts'
import type { CommandIo } from './command.ts'
import { defineCommand } from './command.ts'
import { chainSettings, count, json, oneNetuid } from './settings.ts'
import { jsonText, percent, table } from './table.ts'

interface SimReport {
  readonly ranking: readonly RankingPoint[]
  readonly falls: readonly FallResult[]
  readonly steady: readonly SteadyResult[]
}

const fallRuns = 1_000
const steadyRuns = 400

const whole = z.coerce.number('give a number').int('give a whole number').min(0, 'give 0 or more')

const settings = {
  miners: setting(count.optional(), { help: 'how many honest miners; default 64, with --epochs 24', takes: 'N' }),
  rounds: setting(count.optional(), {
    help: 'rounds of 4 questions a miner on average; default 20, with --epochs 4 in each epoch',
    takes: 'N',
  }),
  runs: setting(count.default(4), { help: 'populations that are averaged over; not with --epochs', takes: 'N' }),
  seed: setting(z.string().default('0'), { help: 'any text or number', takes: 'N' }),
  epochs: setting(count.optional(), {
    help: "simulate a domain's mechanism over so many epochs; default 30 where a flag below is given",
    takes: 'N',
  }),
  domain: setting(z.string().optional(), {
    help: 'whose tasks and scorer: law (default), medicine, finance or the path of a folder with a validator.ts',
    takes: 'NAME',
  }),
  population: setting(z.string().optional(), {
    help: 'JSON file with miners, validators and settings of the subnet; see docs/authors.md',
    takes: 'FILE',
  }),
  ...oneNetuid,
  attack: setting(z.string().optional(), {
    help: 'attack miners to add, comma-separated, all or none; default all, with --population or --netuid none',
    takes: 'LIST',
  }),
  validators: setting(z.string().optional(), {
    help: 'validators to add, such as copier=2,even,lazy,colluder; all or none; default as for --attack',
    takes: 'LIST',
  }),
  reveal: setting(whole.optional(), {
    help: "epochs from a commit of weights to its reveal, 0 for none; default 1, or the population's",
    takes: 'N',
  }),
  newcomers: setting(whole.optional(), {
    help: "a newcomer registers every so many epochs, 0 for never; default 5, or the population's",
    takes: 'N',
  }),
  ...chainSettings,
  ...json,
}

export type SimValues = SettingValues<typeof settings>

export const command = defineCommand({
  summary: `Simulates a subnet's mechanism, without network or models.
Without further flags: how fast a validator's ranking of miners becomes right, and how soon a miner that becomes worse
is noticed. With --epochs, --domain, --population or --netuid: a domain's own tasks and scorer against honest and attack
miners and validators under the chain's consensus, and who earns what.`,
  settings,
  run: async ({ values }, io) => {
    const { epochs, domain, population, netuid, attack, validators } = values
    const isMechanism = [epochs, domain, population, netuid, attack, validators].some((value) => value !== undefined)
    if (!isMechanism) return await simulateRanking(values, io)
    const { simulateSubnet } = await import('./sim/simulateSubnet.ts')
    return await simulateSubnet(values, io)
  },
})

async function simulateRanking(values: SimValues, io: CommandIo): Promise<number> {
  const { rankingCurve } = await import('../validator/sim/ranking.ts')
  const { fallResults, steadyResults } = await import('../validator/sim/falls.ts')
  const { seed, runs, miners = 64, rounds = 20 } = values
  const report: SimReport = {
    ranking: rankingCurve({ seed, runs, miners, rounds }),
    falls: fallResults(seed, fallRuns),
    steady: steadyResults(seed, steadyRuns),
  }
  if (values.json) io.print(jsonText(report))
  else for (const block of forPeople(report, miners)) io.print(block)
  return 0
}

function forPeople({ ranking, falls, steady }: SimReport, miners: number): string[] {
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
