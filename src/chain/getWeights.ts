import type { Codec } from '@polkadot/types/types'
import type { Hotkey } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { readMap } from './readMany.ts'
import { asBigint, asHotkey, asList, asNumber, asText } from './values.ts'

/** One validator's weights as they stand on chain. */
export interface WeightRow {
  /** The validator. */
  readonly uid: number
  /** Pairs of a uid and its u16 weight, the largest of which is 65535, in the order in which they were set. */
  readonly weights: readonly (readonly [uid: number, weight: number])[]
}

/** A commit that waits for its reveal. */
export interface PendingCommit {
  readonly hotkey: Hotkey
  readonly hash: string
  /** Number of the epoch in which it was made. */
  readonly epoch: bigint
  readonly block: bigint
}

/** Who weighs whom on a subnet (its first mechanism), by uid. */
export async function getWeights(chain: Chain, options: { netuid: number }): Promise<WeightRow[]> {
  const rows = await readMap(chain, 'SubtensorModule', 'Weights', [options.netuid])
  return rows
    .map(({ keys, value }) => ({ uid: asNumber(keys[1]), weights: asList(value).map(pairOf) }))
    .filter(({ weights }) => weights.length > 0)
    .sort((a, b) => a.uid - b.uid)
}

/** Hashed commits of a subnet (its first mechanism) that were not revealed, oldest first. @see facts: hash commit-reveal */
export async function getPendingCommits(chain: Chain, options: { netuid: number }): Promise<PendingCommit[]> {
  const queues = await readMap(chain, 'SubtensorModule', 'WeightCommits', [options.netuid])
  const commits = queues.flatMap(({ keys, value }) =>
    asList(value).map((commit) => {
      const [hash, epoch, block] = asList(commit)
      return { hotkey: asHotkey(keys[1]), hash: asText(hash), epoch: asBigint(epoch), block: asBigint(block) }
    }),
  )
  return commits.sort((a, b) => Number(a.block - b.block))
}

function pairOf(pair: Codec): readonly [number, number] {
  const [uid, weight] = asList(pair)
  return [asNumber(uid), asNumber(weight)]
}
