import type { Chain } from '../chain/connect.ts'
import { getMetagraph } from '../chain/getMetagraph.ts'
import type { Weights } from '../chain/setWeights.ts'
import { draftWeights, type WeightRules } from './draftWeights.ts'
import { type Miner, minersOf } from './miners.ts'
import { rewardsOf, type ScoringRules } from './scoring/rewards.ts'
import type { Store } from './store.ts'
import { isThin } from './thinRecord.ts'

export interface ScoreDraftOptions {
  readonly netuid: number
  /** The validator's own, which gets nothing. */
  readonly hotkey: string
  /** Absent: the same for all that serve an axon. */
  readonly store: Store | undefined
  readonly scoring: ScoringRules
}

/** What a draft depends on beside the scores. */
export interface DraftView extends WeightRules {
  readonly epoch: { readonly epochIndex: number }
}

/** Why there are no weights this time, for the validator's owner. */
export interface NoWeights {
  readonly none: string
}

/** One slow miner must not keep all the others unweighed for longer than this. */
const patienceEpochs = 3

/** Weights from the scores of now, laid out by the uids of now, since uids change hands and scores do not. */
export function scoreDraft(
  chain: Chain,
  { netuid, hotkey, store, scoring }: ScoreDraftOptions,
): (view: DraftView) => Promise<Weights | NoWeights> {
  let waitingSince: number | undefined
  return async (view) => {
    const metagraph = await getMetagraph(chain, { netuid })
    const miners = minersOf(metagraph, hotkey)
    const thin = store === undefined ? undefined : thinOf(miners, store, scoring.domains)
    const { epochIndex } = view.epoch
    waitingSince = thin === undefined ? undefined : (waitingSince ?? epochIndex)
    if (thin !== undefined && epochIndex - waitingSince! < patienceEpochs) {
      return { none: `too few answers yet to weigh uid ${thin.uid}` }
    }
    const scores = metagraph.neurons.map(() => 0)
    const rewards = store === undefined ? undefined : rewardsOf(miners, store, scoring)
    for (const { uid, hotkey: miner } of miners) scores[uid] = rewards === undefined ? 1 : rewards.get(miner)!.reward
    return draftWeights(scores, view) ?? { none: 'no miner has a score above 0' }
  }
}

function thinOf(miners: readonly Miner[], store: Store, domains: ReadonlySet<string>): Miner | undefined {
  return miners.find((miner) => isThin(store.miners.get(miner.hotkey), domains))
}
