import type { BlockContext } from '../../pallet.ts'
import { dueEpochs } from './epochTiming.ts'
import { events } from './events.ts'
import { storage } from './storage.ts'

/**
 * Which subnets run their epoch in this block. The state that says so is moved on here; the epoch itself, and the
 * block of the last step, are the caller's.
 *
 * @returns netuids in ascending order, at most `MaxEpochsPerBlock`; the others that are due wait one block
 * @see facts: emission.md, 6
 */
export function takeDueEpochs(context: BlockContext, netuids: readonly number[]): readonly number[] {
  const { state } = context
  for (const netuid of netuids) state.update(storage.BlocksSinceLastStep, [netuid], (blocks) => blocks + 1n)
  const { due, deferred } = dueEpochs(state, netuids, context.block)
  // Epochs that go by the block number have no state to move on.
  if (state.face.rules.epochs === 'blockNumber') return due
  const block = BigInt(context.block)
  for (const netuid of deferred) {
    state.set(storage.PendingEpochAt, [netuid], block + 1n)
    context.emit(events.EpochDeferred, { netuid, from_block: block, to_block: block + 1n })
  }
  for (const netuid of due) {
    state.set(storage.LastEpochBlock, [netuid], block)
    state.set(storage.PendingEpochAt, [netuid], 0n)
    state.update(storage.SubnetEpochIndex, [netuid], (index) => index + 1n)
  }
  return due
}
