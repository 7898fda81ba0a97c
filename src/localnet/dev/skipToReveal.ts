import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import { isExpired, isRevealEpoch } from '../pallets/subtensor/commits.ts'
import { storageIndices } from '../pallets/subtensor/mechanisms.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { type Mined, requireEpochs } from './mineToEpoch.ts'

/** A hundred epochs, the longest reveal period, of the longest tempo would be too many: this is an hour of mining. */
const mostBlocks = 1_000_000

/**
 * Makes blocks until the oldest commit of a subnet that is still good can be revealed in the next block. Makes none where
 * it can be already.
 *
 * @throws InputError for a subnet that there is not, or that has no commits to wait for
 */
export async function skipToReveal(node: LocalNode, netuid: number): Promise<Mined> {
  requireEpochs(node, netuid)
  const epoch = oldestCommit(node, netuid)
  if (epoch === undefined) {
    throw new InputError('netuid', netuid, 'no neuron of it has committed weights that can still be revealed')
  }
  const isOpen = (): boolean => {
    const view = { state: node.headState, block: node.head.header.number + 1 }
    return isRevealEpoch(view, netuid, epoch) || isExpired(view, netuid, epoch)
  }
  const { head } = node
  return isOpen() ? { number: head.header.number, hash: head.hash } : await node.mine(mostBlocks, isOpen)
}

/** Epoch of the oldest commit that the next block does not find expired. */
function oldestCommit({ headState: state, head }: LocalNode, netuid: number): bigint | undefined {
  const view = { state, block: head.header.number + 1 }
  const epochs: bigint[] = []
  for (const index of storageIndices(state, netuid)) {
    for (const [, queue] of state.entries(storage.WeightCommits, index)) {
      for (const [, epoch] of queue) if (!isExpired(view, netuid, epoch)) epochs.push(epoch)
    }
  }
  return epochs.sort((a, b) => (a < b ? -1 : 1))[0]
}
