import type { State } from '../../state.ts'
import { storage } from './storage.ts'

/** After so many blocks without an epoch one runs in any case. */
const longestWaitBlocks = 50_400n

/**
 * Whether a subnet's epoch is due in `block`. Commits, reveals and the block step ask with the block in execution.
 *
 * @see facts: emission.md, 6
 */
export function isEpochDue(state: State, netuid: number, block: number): boolean {
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
  return state.get(storage.SubnetEpochIndex, netuid) + (isEpochDue(state, netuid, block) ? 1n : 0n)
}

/** Blocks until the tempo alone makes an epoch due; `undefined` for tempo 0, which never does. */
export function blocksUntilEpoch(state: State, netuid: number, block: number): bigint | undefined {
  const tempo = BigInt(state.get(storage.Tempo, netuid))
  if (tempo === 0n) return undefined
  const due = state.get(storage.LastEpochBlock, netuid) + tempo
  const now = BigInt(block)
  return due > now ? due - now : 0n
}

/** Whether owner and root must leave the subnet's parameters alone: shortly before an epoch, or before a triggered one. */
export function isInFreezeWindow(state: State, netuid: number, block: number): boolean {
  const remaining = blocksUntilEpoch(state, netuid, block)
  if (remaining === undefined) return false
  if (state.get(storage.PendingEpochAt, netuid) > BigInt(block)) return true
  return remaining < BigInt(state.get(storage.AdminFreezeWindow))
}
