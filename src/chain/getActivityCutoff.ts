import type { Chain } from './connect.ts'
import { hasStorage, readMany } from './readMany.ts'
import { asNumber } from './values.ts'

/**
 * Blocks after its last weights from which on a validator counts as inactive: its stake and weights count for nothing then.
 *
 * @see facts: subtensor-chain.md, activity cutoff: a number of blocks in older releases, thousandths of a tempo since 423
 */
export async function getActivityCutoff(chain: Chain, { netuid }: { netuid: number }): Promise<number> {
  const inTempos = hasStorage(chain, 'SubtensorModule', 'ActivityCutoffFactorMilli')
  const items = inTempos ? ['ActivityCutoffFactorMilli', 'Tempo'] : ['ActivityCutoff']
  const reads = items.map((item) => ({ pallet: 'SubtensorModule', item, keys: [netuid] }))
  const [amount, tempo] = (await readMany(chain, reads)).map(asNumber)
  return tempo === undefined ? amount! : Math.max(1, Math.floor((amount! * tempo) / 1_000))
}
