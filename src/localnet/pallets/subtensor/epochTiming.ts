import type { State } from '../../state.ts'
import { storage } from './storage.ts'

/**
 * Epochs by the block number alone: number of the epoch that `block` lies in, and how many blocks of it are still to
 * come. The last one runs it.
 *
 * @see facts: subtensor-chain.md, epoch timing [393]
 */
function phaseOf(state: State, netuid: number, block: number): { epoch: bigint; remaining: bigint } | undefined {
  const tempo = state.get(storage.Tempo, netuid)
  if (tempo === 0) return undefined
  const [position, period] = [block + netuid + 1, tempo + 1]
  return { epoch: BigInt(Math.floor(position / period)), remaining: BigInt(tempo - (position % period)) }
}

const goesByNumber = ({ face }: State): boolean => face.rules.epochs === 'blockNumber'

/** After so many blocks without an epoch one runs in any case. */
const longestWaitBlocks = 50_400n

/**
 * Whether a subnet's epoch is due in `block`. Commits, reveals and the block step ask with the block in execution.
 *
 * @see facts: emission.md, 6
 */
export function isEpochDue(state: State, netuid: number, block: number): boolean {
  if (goesByNumber(state)) return phaseOf(state, netuid, block)?.remaining === 0n
  const tempo = BigInt(state.get(storage.Tempo, netuid))
  if (tempo === 0n) return false
  const now = BigInt(block)
  const pending = state.get(storage.PendingEpochAt, netuid)
  if (pending > 0n && now >= pending) return true
  if (state.get(storage.BlocksSinceLastStep, netuid) > longestWaitBlocks) return true
  return now - state.get(storage.LastEpochBlock, netuid) >= tempo
}

/** Index of the epoch that a commit or reveal in `block` belongs to: the next one where an epoch is still due. */
export function epochIndexAt(state: State, netuid: number, block: number): bigint {
  if (goesByNumber(state)) return phaseOf(state, netuid, block)?.epoch ?? 0n
  return state.get(storage.SubnetEpochIndex, netuid) + (isEpochDue(state, netuid, block) ? 1n : 0n)
}

/** How many epochs of a subnet have run up to and with `block`, the newest one. */
export function epochsRun(state: State, netuid: number, block: number): bigint {
  // By number, an epoch's last block is the one that runs it.
  if (goesByNumber(state)) return phaseOf(state, netuid, block + 1)?.epoch ?? 0n
  return state.get(storage.SubnetEpochIndex, netuid)
}

/**
 * Which of these subnets run their epoch in `block`, and for which it is due but has to wait for the next block, since no
 * more than `MaxEpochsPerBlock` run in one.
 *
 * @see facts: emission.md, 6
 */
export function dueEpochs(
  state: State,
  netuids: readonly number[],
  block: number,
): { readonly due: readonly number[]; readonly deferred: readonly number[] } {
  const wanted = netuids.filter((netuid) => isEpochDue(state, netuid, block))
  // Without a state of its own an epoch cannot be put off.
  const most = goesByNumber(state) ? wanted.length : state.get(storage.MaxEpochsPerBlock)
  return { due: wanted.slice(0, most), deferred: wanted.slice(most) }
}

/** The epoch whose end opens a timelocked commit of `block`: the next one where an epoch runs in this block. */
export function timelockEpochAt(state: State, netuid: number, block: number): bigint {
  const index = epochIndexAt(state, netuid, block)
  return goesByNumber(state) && isEpochDue(state, netuid, block) ? index + 1n : index
}

/** Blocks until the tempo alone makes an epoch due; `undefined` for tempo 0, which never does. */
export function blocksUntilEpoch(state: State, netuid: number, block: number): bigint | undefined {
  if (goesByNumber(state)) return phaseOf(state, netuid, block)?.remaining
  const tempo = BigInt(state.get(storage.Tempo, netuid))
  if (tempo === 0n) return undefined
  const due = state.get(storage.LastEpochBlock, netuid) + tempo
  const now = BigInt(block)
  return due > now ? due - now : 0n
}

/** First and last block of an epoch where epochs go by the block number. */
export function blocksOfEpoch(state: State, netuid: number, epoch: bigint): [first: bigint, last: bigint] {
  const tempo = BigInt(state.get(storage.Tempo, netuid))
  const start = epoch * (tempo + 1n) - BigInt(netuid + 1)
  const first = start > 0n ? start : 0n
  return [first, first + tempo]
}

/** Whether owner and root must leave the subnet's parameters alone: shortly before an epoch, or before a triggered one. */
export function isInFreezeWindow(state: State, netuid: number, block: number): boolean {
  const remaining = blocksUntilEpoch(state, netuid, block)
  if (remaining === undefined) return false
  if (state.get(storage.PendingEpochAt, netuid) > BigInt(block)) return true
  return remaining < BigInt(state.get(storage.AdminFreezeWindow))
}
