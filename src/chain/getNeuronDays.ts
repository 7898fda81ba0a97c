import type { Hash, Rao } from '../base/units.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { getAlphaPrice } from './getAlphaPrice.ts'
import { readMany, rpc } from './readMany.ts'
import { asBigints, asNumbers, asText } from './values.ts'

/** A neuron as one epoch of an earlier day left it. */
export interface NeuronDay {
  readonly daysAgo: number
  readonly block: number
  /** u16 fraction of 65535. */
  readonly incentive: number
  /** Alpha of that one epoch. */
  readonly perEpoch: Rao
  /** Rao for one alpha then. */
  readonly price: Rao
}

export interface NeuronDaysOptions {
  readonly netuid: number
  readonly uid: number
  readonly hotkey: string
  /** The newest block, and how many there are in a day. */
  readonly block: number
  readonly dayBlocks: number
  readonly days: number
}

const pallet = 'SubtensorModule'

/**
 * Looks at one block of each of the last days, as far back as the hotkey had its place and the node keeps the state: most
 * keep some 256 blocks, an archive node all.
 *
 * @returns yesterday first; `isCut` where the node had no more
 */
export async function getNeuronDays(
  chain: Chain,
  options: NeuronDaysOptions,
): Promise<{ readonly days: NeuronDay[]; readonly isCut: boolean }> {
  const { netuid, uid, hotkey, block, dayBlocks, days: wanted } = options
  const days: NeuronDay[] = []
  for (let daysAgo = 1; daysAgo <= wanted; daysAgo++) {
    const then = block - Math.round(daysAgo * dayBlocks)
    if (then < 1) break
    try {
      const at = await rpc<Hash | null>(chain, 'chain_getBlockHash', [then])
      if (at === null) return { days, isCut: true }
      const items = ['Keys', 'Incentive', 'Emission']
      const reads = items.map((item) => ({ pallet, item, keys: item === 'Keys' ? [netuid, uid] : [netuid] }))
      const [key, incentive, emission] = await readMany(chain, reads, at)
      if (asText(key) !== hotkey) break
      days.push({
        daysAgo,
        block: then,
        incentive: asNumbers(incentive)[uid] ?? 0,
        perEpoch: (asBigints(emission)[uid] ?? 0n) as Rao,
        price: await getAlphaPrice(chain, { netuid, at }),
      })
    } catch (error) {
      // The state of that block was discarded; nodes have no error code for it that could be told from others.
      if (!(error instanceof ChainError) || error.failure.code !== 'rpc') throw error
      return { days, isCut: true }
    }
  }
  return { days, isCut: false }
}
