import type { Metagraph } from '../chain/getMetagraph.ts'
import { minersOf } from './miners.ts'
import type { Rounds } from './rounds.ts'
import { rewardsOf, type ScoringRules } from './scoring/rewards.ts'
import type { Store } from './store.ts'

export interface MinerStatus {
  readonly uid: number
  readonly hotkey: string
  readonly domains: readonly string[]
  /** Scored ones. */
  readonly answers: number
  /** In [0, 1], its weight before weights are normalised. */
  readonly score: number
  readonly model?: string
  readonly lastError?: string
}

export interface ValidatorStatus {
  readonly role: 'validator'
  readonly hotkey: string
  readonly uid: number | null
  readonly block: number
  readonly idle: boolean
  readonly answers: { readonly sent: number; readonly scored: number; readonly failed: number }
  readonly inFlight: number
  /** Reveals, or open sets, that succeeded. */
  readonly weightsSet: number
  readonly miners: readonly MinerStatus[]
}

export interface StatusSources {
  readonly hotkey: string
  readonly block: number
  readonly metagraph: Metagraph
  readonly idle: boolean
  readonly rounds: Rounds
  readonly store: Store
  readonly scoring: ScoringRules
}

/** What `GET /status` shows. */
export function validatorStatus(sources: StatusSources): ValidatorStatus {
  const { hotkey, block, metagraph, idle, rounds, store, scoring } = sources
  const { scored, failed } = store.answers
  const { inFlight } = rounds
  const miners = minersOf(metagraph, hotkey)
  const rewards = rewardsOf(miners, store, scoring)
  return {
    role: 'validator',
    hotkey,
    uid: metagraph.neurons.find((neuron) => neuron.hotkey === hotkey)?.uid ?? null,
    block,
    idle,
    answers: { sent: scored + failed + inFlight, scored, failed },
    inFlight,
    weightsSet: store.weights.done,
    miners: miners.map(({ uid, hotkey: miner }) => {
      const record = store.miners.get(miner)
      const query = rounds.query(miner)
      return {
        uid,
        hotkey: miner,
        domains: record?.domains ?? [],
        answers: record?.scored ?? 0,
        score: rewards.get(miner)!.reward,
        ...(query?.model !== undefined && { model: query.model }),
        ...(query?.lastError !== undefined && { lastError: query.lastError }),
      }
    }),
  }
}
