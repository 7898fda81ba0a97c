import type { Hotkey, Rao } from '../base/units.ts'
import type { Metagraph, Neuron } from './getMetagraph.ts'
import type { WeightRow } from './getWeights.ts'

/** Whether a weight counted, and where not, why. `clipped`: only as far as the consensus goes. */
export type Counted = 'whole' | 'clipped' | 'none' | 'self' | 'before-registration' | 'no-permit' | 'inactive'

/** A validator as it looks at one miner. */
export interface Weigher {
  readonly uid: number
  readonly hotkey: Hotkey
  /** Alpha and weighted TAO. */
  readonly stake: Rao
  /** u16 fraction of 65535. */
  readonly validatorTrust: number
  /** Since its last weights or commit. */
  readonly ageBlocks: number
  /** What it gives the miner of all that counts of its weights, in [0, 1]. */
  readonly share: number
  readonly counted: Counted
}

export interface WeighersInput {
  readonly metagraph: Pick<Metagraph, 'block' | 'neurons' | 'ownerHotkey'>
  readonly rows: readonly WeightRow[]
  /** By uid. */
  readonly registeredAtBlock: readonly number[]
  /** A fraction of 2^64 − 1. */
  readonly taoWeight: bigint
  /** The miner. */
  readonly uid: number
}

const maxU64 = 2n ** 64n - 1n

/**
 * Who has weights on chain and what each gives one miner, the largest stake first. Weights stand as they do now; the
 * consensus that clips them is that of the last epoch.
 *
 * @see facts: yuma-consensus.md, 4 steps 1, 5 and 6
 */
export function weighersOf({ metagraph, rows, registeredAtBlock, taoWeight, uid }: WeighersInput): Weigher[] {
  const { neurons, block, ownerHotkey } = metagraph
  const rowOf = new Map(rows.map((row) => [row.uid, row.weights]))
  const isMasked = (from: Neuron, to: number): boolean =>
    (from.uid === to && from.hotkey !== ownerHotkey) || from.lastUpdate <= BigInt(registeredAtBlock[to] ?? 0)
  return neurons
    .filter((neuron) => rowOf.has(neuron.uid))
    .map((neuron) => {
      const weights = rowOf.get(neuron.uid) ?? []
      const total = weights.reduce((sum, [to, weight]) => (isMasked(neuron, to) ? sum : sum + weight), 0)
      const given = weights.find(([to]) => to === uid)?.[1] ?? 0
      const masked = given > 0 && isMasked(neuron, uid)
      const share = masked || total === 0 ? 0 : given / total
      const why = (): Counted => {
        if (given === 0) return 'none'
        if (masked) return neuron.uid === uid ? 'self' : 'before-registration'
        if (!neuron.validatorPermit && neuron.hotkey !== ownerHotkey) return 'no-permit'
        if (!neuron.active) return 'inactive'
        // The chain rounds the weight down, then the consensus to a 65535th.
        return share * 65_535 >= (neurons[uid]?.consensus ?? 0) + 2 ? 'clipped' : 'whole'
      }
      return {
        uid: neuron.uid,
        hotkey: neuron.hotkey,
        stake: (neuron.alphaStake + (neuron.rootStake * taoWeight) / maxU64) as Rao,
        validatorTrust: neuron.validatorTrust,
        ageBlocks: block - Number(neuron.lastUpdate),
        share,
        counted: why(),
      }
    })
    .sort((a, b) => (a.stake === b.stake ? a.uid - b.uid : a.stake > b.stake ? -1 : 1))
}
