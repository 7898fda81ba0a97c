import { toHex } from '../../keys/hex.ts'
import type { Miner } from '../miners.ts'
import type { Store } from '../store.ts'
import { clustersOf, type Pair } from './clusters.ts'
import { type DomainShares, type MinerScore, minerScore } from './minerScore.ts'
import { sameSource } from './pairEvidence.ts'
import { type ServedCount, servedFactor } from './servedFactor.ts'
import { type Cluster, shareRewards } from './shareRewards.ts'

export interface ScoringRules {
  /** The domains that this validator asks. */
  readonly domains: ReadonlySet<string>
  readonly shares?: DomainShares
  /** Rewards follow scores to this power; default 1. Above it the best get more, and a change of skill moves more. */
  readonly power?: number
}

/** What a miner is paid by, and why. */
export interface Reward {
  /** In [0, 1]: its weight before weights are normalised. */
  readonly reward: number
  readonly own: MinerScore
  /** What app builders' asks leave of the score, in [0, 1]. */
  readonly served: number
  /** Those that answer from one source with it, itself among them. */
  readonly cluster?: Cluster
}

/** What each of these miners is worth now, by hotkey: its own score, or its part of its cluster's. */
export function rewardsOf(
  miners: readonly Miner[],
  store: Pick<Store, 'miners' | 'pairs'> & { readonly traffic: { readonly served: ReadonlyMap<string, ServedCount> } },
  rules: ScoringRules,
): Map<string, Reward> {
  const scores = new Map(
    miners.map(({ hotkey }) => {
      const record = store.miners.get(hotkey)
      return [hotkey, minerScore(rules.domains, record?.domains ?? [], record?.answers ?? new Map(), rules.shares)]
    }),
  )
  const servedOf = (hotkey: string): number => servedFactor(store.traffic.served.get(hotkey) ?? { good: 0, bad: 0 })
  const here = (hotkey: string): boolean => scores.has(hotkey)
  const known = [...store.pairs.values()].filter(({ a, b }) => here(a) && here(b))
  // Anybody may announce one miner's address and another one's certificate; answering from there takes being there.
  const endpoints = sharedEndpoints(miners.filter(({ hotkey }) => scores.get(hotkey)!.score > 0))
  const clusters = clustersOf([...known, ...endpoints], ({ evidence }) => evidence >= sameSource)
  const rewards = shareRewards(
    [...scores].map(([hotkey, { score }]) => ({ hotkey, score: (score * servedOf(hotkey)) ** (rules.power ?? 1) })),
    clusters,
  )
  return new Map(
    [...scores].map(([hotkey, own]) => {
      const cluster = clusters.find(({ hotkeys }) => hotkeys.includes(hotkey))
      const about = { reward: rewards.get(hotkey)!, own, served: servedOf(hotkey) }
      return [hotkey, { ...about, ...(cluster !== undefined && { cluster }) }]
    }),
  )
}

/** Two that are one miner whatever they answer. */
export interface SharedEndpoint extends Pair {
  readonly shared: 'certificate' | 'address'
}

/** Hotkeys with one certificate, or at one address and port, are one miner, whatever they answer. */
export function sharedEndpoints(miners: readonly Miner[]): SharedEndpoint[] {
  const pairs: SharedEndpoint[] = []
  const firstWith = new Map<string, string>()
  for (const { hotkey, target } of miners) {
    if ('problem' in target) continue
    const marks = [
      ['certificate', toHex(target.publicKey)],
      ['address', `${target.host} ${target.port}`],
    ] as const
    for (const [shared, mark] of marks) {
      const other = firstWith.get(mark)
      if (other === undefined) firstWith.set(mark, hotkey)
      else pairs.push({ a: other, b: hotkey, evidence: Number.POSITIVE_INFINITY, aFirst: 0, bFirst: 0, shared })
    }
  }
  return pairs
}
