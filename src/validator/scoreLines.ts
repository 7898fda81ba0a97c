import type { Miner } from './miners.ts'
import type { ScoreLine, Scores } from './scoresReport.ts'
import { type Reward, rewardsOf, type ScoringRules } from './scoring/rewards.ts'
import type { Store } from './store.ts'

/** What a validator's scores are looked at from, while it runs or in its database. */
export interface ScoresView {
  /** The validator's own. */
  readonly hotkey: string
  readonly netuid: number
  readonly block: number
  readonly miners: readonly Miner[]
  readonly store: Pick<Store, 'miners' | 'pairs' | 'rounds' | 'traffic'>
  readonly scoring: ScoringRules
}

/** All miners, by uid. */
export function scoreLines(view: ScoresView): Scores {
  const { hotkey, netuid, block, miners, store } = view
  const rewards = rewardsOf(miners, store, view.scoring)
  const uids = uidsOf(miners)
  const lines = miners.map((miner) => scoreLine(miner, rewards.get(miner.hotkey)!, { view, uids }))
  return { hotkey, netuid, block, rounds: store.rounds, miners: lines }
}

export function uidsOf(miners: readonly Miner[]): Map<string, number> {
  return new Map(miners.map(({ uid, hotkey }) => [hotkey, uid]))
}

export function scoreLine(
  { uid, hotkey, target }: Miner,
  { reward, own, served, cluster }: Reward,
  { view, uids }: { readonly view: ScoresView; readonly uids: ReadonlyMap<string, number> },
): ScoreLine {
  const fallen = view.store.miners.get(hotkey)?.fallen
  const answers = own.domains.reduce((sum, { result }) => sum + result.answers, 0)
  const mean = (value: (part: (typeof own.domains)[number]) => number): number =>
    answers === 0 ? 0 : own.domains.reduce((sum, part) => sum + value(part) * part.result.answers, 0) / answers
  return {
    uid,
    hotkey,
    domains: own.domains.map(({ domain }) => domain),
    answers,
    accuracy: mean(({ result }) => result.accuracy),
    skill: mean(({ result }) => result.skill),
    score: own.score,
    reward,
    served,
    ...(cluster !== undefined && { cluster: Math.min(...cluster.hotkeys.map((member) => uids.get(member)!)) }),
    ...(fallen !== undefined && { fallen }),
    ...('problem' in target && { problem: target.problem }),
  }
}
