import type { Log } from '../../../src/base/log.ts'
import { untilAborted } from '../../../src/base/sleep.ts'
import type { Chain } from '../../../src/chain/connect.ts'
import { getWeights, type WeightRow } from '../../../src/chain/getWeights.ts'
import type { Signer } from '../../../src/keys/signer.ts'
import { draftWeights } from '../../../src/validator/draftWeights.ts'
import { followBlocks } from '../../../src/validator/followBlocks.ts'
import { openStore } from '../../../src/validator/store.ts'
import { keepWeights } from '../../../src/validator/weights.ts'
import { weightsChain } from '../../../src/validator/weightsChain.ts'

/** Weights by uid, in any unit, from those that the chain shows. Made once the uids are known. */
export type Weigh = (uids: ReadonlyMap<string, number>) => (shown: readonly WeightRow[]) => readonly number[]

export interface WeigherOptions {
  readonly chain: Chain
  readonly netuid: number
  readonly signer: Signer
  readonly weigh: ReturnType<Weigh>
  readonly log: Log
  readonly stop: AbortSignal
}

const patienceMs = 3_000

/** A validator that asks nobody: it sets what weights it likes, with the timing, commits and reveals of an honest one. */
export async function runWeigher({ chain, netuid, signer, weigh, log, stop }: WeigherOptions): Promise<void> {
  const identity = { genesis: chain.api.genesisHash.toHex(), netuid, hotkey: signer.address }
  const store = openStore(':memory:', identity)
  const onBlock = keepWeights({
    chain: weightsChain(chain, { signer, netuid, timelocked: false }),
    table: store.weights,
    draft: async (view) => {
      const weights = draftWeights(weigh(await getWeights(chain, { netuid })), view)
      return weights ?? { none: 'there is nothing to copy yet' }
    },
    log,
  })
  const end = await followBlocks({ chain, what: 'weights', patienceMs, log, onBlock })
  await untilAborted(stop)
  await end()
  store.close()
}

/** All on one miner. */
export function allOn(name: string): Weigh {
  return (uids) => {
    const own = uids.get(name)!
    return () => Array.from({ length: own + 1 }, (_, uid) => (uid === own ? 1 : 0))
  }
}

/** The mean of what these validators have on chain. */
export function copiesWeightsOf(names: readonly string[]): Weigh {
  return (uids) => {
    const sources = new Set(names.map((name) => uids.get(name)!))
    return (shown) => {
      const sums = Array.from({ length: uids.size }, () => 0)
      for (const { uid, weights } of shown) {
        if (!sources.has(uid)) continue
        const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
        for (const [miner, weight] of weights) sums[miner]! += weight / total
      }
      return sums
    }
  }
}
