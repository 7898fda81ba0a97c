import { blockEmission } from '../../../yuma/blockEmission.ts'
import type { BlockContext } from '../../pallet.ts'
import { applyPendingChildren } from './childRelations.ts'
import { accrue, emitToSubnets, emittingSubnets, updateAverages } from './coinbase.ts'
import { distribute } from './distribute.ts'
import { takeDueEpochs } from './epochSchedule.ts'
import { events } from './events.ts'
import { subnetsBesideRoot } from './mechanisms.ts'
import { drainPending } from './pendingEmission.ts'
import { updateRegistrationPrices } from './registrationPrices.ts'
import { revealTimelockedCommits } from './revealTimelocked.ts'
import { runEpoch } from './runEpoch.ts'
import { forgetStakeThatCame } from './stakeFlow.ts'
import { storage } from './storage.ts'

/**
 * What SubtensorModule does at the start of every block, in the chain's order.
 *
 * @see facts: emission.md, 1
 */
export function blockStep(context: BlockContext): void {
  const { state } = context
  forgetStakeThatCame(context)
  updateRegistrationPrices(context)
  const subnets = emittingSubnets(state)
  const minted = blockEmission(state.get(storage.TotalIssuance))
  state.set(storage.BlockEmission, [], minted)
  revealTimelockedCommits(context)
  const used = emitToSubnets(context, subnets, minted)
  // Minted and not used is not issued after all.
  state.update(storage.TotalIssuance, [], (issuance) => issuance + used)
  accrue(context, subnets)
  // Every subnet but root keeps its own epoch clock, emitting or not.
  const due = takeDueEpochs(context, subnetsBesideRoot(state))
  for (const netuid of due) runAndPay(context, netuid)
  updateAverages(context, subnets)
  for (const netuid of due) applyPendingChildren(context, netuid)
}

function runAndPay(context: BlockContext, netuid: number): void {
  const { state } = context
  if (hasDuplicateHotkeys(context, netuid)) {
    if (state.face.rules.epochs === 'lastEpoch')
      context.emit(events.EpochSkipped, { netuid, block: BigInt(context.block) })
    return
  }
  state.set(storage.BlocksSinceLastStep, [netuid], 0n)
  const drained = drainPending(state, netuid)
  const shares = runEpoch(context, netuid, drained.server + drained.validator + drained.root)
  distribute(context, netuid, shares, drained)
  // Written after distribution, so that the epoch saw the block of the one before.
  state.set(storage.LastMechansimStepBlock, [netuid], BigInt(context.block))
}

/** Two uids with one hotkey would be paid twice; the chain keeps the emission for the next epoch instead. */
function hasDuplicateHotkeys({ state }: BlockContext, netuid: number): boolean {
  const seen = new Set<string>()
  for (let uid = 0; uid < state.get(storage.SubnetworkN, netuid); uid++) {
    const hotkey = state.get(storage.Keys, netuid, uid)
    if (seen.has(hotkey)) return true
    seen.add(hotkey)
  }
  return false
}
