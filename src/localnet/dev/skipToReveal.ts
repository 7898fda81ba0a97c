import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import { storage as drand } from '../pallets/drand/storage.ts'
import { commitEpoch } from '../pallets/subtensor/commits.ts'
import { epochIndexAt } from '../pallets/subtensor/epochTiming.ts'
import { storageIndices } from '../pallets/subtensor/mechanisms.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { type Mined, requireEpochs } from './mineToEpoch.ts'

/** A hundred epochs, the longest reveal period, of the longest tempo would be too many: this is an hour of mining. */
const mostBlocks = 1_000_000

interface Commit {
  /** In which it was made. */
  readonly epoch: bigint
  /** Of the beacon, which opens it; absent where its neuron has to do that. */
  readonly round?: bigint
}

/**
 * Makes blocks until the oldest commit of a subnet that is still good can be revealed in the next block: by its neuron,
 * or, where it is timelocked, by the chain itself, which for that needs the pulse of its round too. Makes none where it
 * can be already.
 *
 * @throws InputError for a subnet that there is not, or that has no commits to wait for
 */
export async function skipToReveal(node: LocalNode, netuid: number): Promise<Mined> {
  requireEpochs(node, netuid)
  const commit = oldestCommit(node, netuid)
  if (commit === undefined) {
    throw new InputError('netuid', netuid, 'no neuron of it has committed weights that can still be revealed')
  }
  const isOpen = (): boolean => {
    const left = epochsLeft(node, netuid, commit)
    const isReadable = commit.round === undefined || node.headState.has(drand.Pulses, commit.round)
    return left < 0n || (left === 0n && isReadable)
  }
  const { head } = node
  return isOpen() ? { number: head.header.number, hash: head.hash } : await node.mine(mostBlocks, isOpen)
}

/** Epochs until the next block is of the one in which a commit may be revealed; below 0 where that is over. */
function epochsLeft({ headState: state, head }: LocalNode, netuid: number, { epoch }: Commit): bigint {
  return epoch + state.get(storage.RevealPeriodEpochs, netuid) - epochIndexAt(state, netuid, head.header.number + 1)
}

/** The oldest commit that the next block does not find expired. */
function oldestCommit(node: LocalNode, netuid: number): Commit | undefined {
  const { headState: state } = node
  const commits: Commit[] = []
  for (const index of storageIndices(state, netuid)) {
    for (const [, queue] of state.entries(storage.WeightCommits, index)) {
      for (const [, mark] of queue) commits.push({ epoch: commitEpoch(state, netuid, mark) })
    }
    for (const [[, epoch], queue] of state.entries(storage.TimelockedWeightCommits, index)) {
      for (const [, , , round] of queue) commits.push({ epoch, round })
    }
  }
  return commits
    .filter((commit) => epochsLeft(node, netuid, commit) >= 0n)
    .sort((a, b) => (a.epoch < b.epoch ? -1 : a.epoch > b.epoch ? 1 : 0))[0]
}
