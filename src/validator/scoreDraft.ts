import type { Chain } from '../chain/connect.ts'
import { getMetagraph } from '../chain/getMetagraph.ts'
import type { Weights } from '../chain/setWeights.ts'
import { draftWeights, type WeightRules } from './draftWeights.ts'
import { minersOf } from './miners.ts'
import { scoreOf } from './status.ts'
import type { Store } from './store.ts'

export interface ScoreDraftOptions {
  readonly netuid: number
  /** The validator's own, which gets nothing. */
  readonly hotkey: string
  /** Absent: the same for all that serve an axon. */
  readonly store: Store | undefined
  readonly domains: ReadonlySet<string>
}

/** Weights from the scores of now, laid out by the uids of now, since uids change hands and scores do not. */
export function scoreDraft(
  chain: Chain,
  { netuid, hotkey, store, domains }: ScoreDraftOptions,
): (rules: WeightRules) => Promise<Weights | undefined> {
  return async (rules) => {
    const metagraph = await getMetagraph(chain, { netuid })
    const scores = metagraph.neurons.map(() => 0)
    for (const miner of minersOf(metagraph, hotkey)) {
      scores[miner.uid] = store === undefined ? 1 : scoreOf(store, miner.hotkey, domains)
    }
    return draftWeights(scores, rules)
  }
}
