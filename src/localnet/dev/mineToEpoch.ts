import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import { epochsRun } from '../pallets/subtensor/epochTiming.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { requireSubnet } from './requireSubnet.ts'

/** Longest wait that any tempo makes, and some. */
const mostBlocks = 70_000

/** The last block that was made. */
export interface Mined {
  readonly number: number
  readonly hash: string
}

/**
 * Makes blocks up to and with the one in which a subnet's next epoch runs.
 *
 * @throws InputError for a subnet that there is not, or whose tempo is 0: it has no epochs
 */
export async function mineToEpoch(node: LocalNode, netuid: number): Promise<Mined> {
  requireEpochs(node, netuid)
  const count = (): bigint => epochsRun(node.headState, netuid, node.head.header.number)
  const before = count()
  return await node.mine(mostBlocks, () => count() !== before)
}

/** @throws InputError as `mineToEpoch` */
export function requireEpochs({ headState }: LocalNode, netuid: number): void {
  requireSubnet(headState, netuid)
  if (netuid === 0) throw new InputError('netuid', netuid, 'root has no epochs of its own: give another subnet')
  if (headState.get(storage.Tempo, netuid) > 0) return
  throw new InputError('netuid', netuid, 'its tempo is 0, so it has no epochs: set its tempo first')
}
