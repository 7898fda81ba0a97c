import type { BlockContext } from '../../pallet.ts'
import { isEpochDue } from './epochTiming.ts'
import { events } from './events.ts'
import { storage } from './storage.ts'

const longestStepBlocks = 50_400n

/**
 * Which subnets run their epoch in this block. The state that says so is moved on here; the epoch itself, and the
 * block of the last step, are the caller's.
 *
 * @returns netuids in ascending order, at most `MaxEpochsPerBlock`; the others that are due wait one block
 * @see facts: emission.md, 6
 */
export function takeDueEpochs(context: BlockContext, netuids: readonly number[]): number[] {
  const { state } = context
  if (state.face.rules.epochs === 'blockNumber') return takeByNumber(context, netuids)
  const block = BigInt(context.block)
  const due: number[] = []
  for (const netuid of netuids) {
    state.update(storage.BlocksSinceLastStep, [netuid], (blocks) => blocks + 1n)
    const tempo = BigInt(state.get(storage.Tempo, netuid))
    if (tempo === 0n) continue
    const pending = state.get(storage.PendingEpochAt, netuid)
    const last = state.get(storage.LastEpochBlock, netuid)
    const isDue =
      (pending > 0n && block >= pending) ||
      state.get(storage.BlocksSinceLastStep, netuid) > longestStepBlocks ||
      block - last >= tempo
    if (!isDue) continue
    if (due.length >= state.get(storage.MaxEpochsPerBlock)) {
      state.set(storage.PendingEpochAt, [netuid], block + 1n)
      context.emit(events.EpochDeferred, { netuid, from_block: block, to_block: block + 1n })
      continue
    }
    due.push(netuid)
    state.set(storage.LastEpochBlock, [netuid], block)
    state.set(storage.PendingEpochAt, [netuid], 0n)
    state.update(storage.SubnetEpochIndex, [netuid], (index) => index + 1n)
  }
  return due
}

/** Without a state of its own an epoch is neither put off nor triggered. */
function takeByNumber({ state, block }: BlockContext, netuids: readonly number[]): number[] {
  for (const netuid of netuids) state.update(storage.BlocksSinceLastStep, [netuid], (blocks) => blocks + 1n)
  return netuids.filter((netuid) => isEpochDue(state, netuid, block))
}
