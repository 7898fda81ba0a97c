import type { Hash } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { readOne, rpc } from './readMany.ts'
import { asNumber } from './values.ts'

/** Few enough that every node still has the state. */
const lookBackBlocks = 100

/**
 * Milliseconds between two blocks, as they came lately: a chain's own constant says what they should be, and a localnet
 * makes them as fast as it is told.
 *
 * @returns undefined while there are no two blocks to compare
 */
export async function getBlockTime(chain: Chain, options: { block: number; at: Hash }): Promise<number | undefined> {
  const { block, at } = options
  const earlier = Math.max(1, block - lookBackBlocks)
  if (earlier >= block) return undefined
  const before = await rpc<Hash | null>(chain, 'chain_getBlockHash', [earlier])
  if (before === null) return undefined
  const [now, then] = await Promise.all([at, before].map((hash) => readOne(chain, 'Timestamp', 'Now', [], hash)))
  const ms = (asNumber(now) - asNumber(then)) / (block - earlier)
  return ms > 0 ? ms : undefined
}
