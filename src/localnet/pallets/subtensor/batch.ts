import { releaseError } from '../../amend.ts'
import { type CallContext, DispatchFailure } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import { events } from './events.ts'
import { events393 } from './release393.ts'

/**
 * Runs one piece of work a subnet, each on its own: what fails leaves no trace but an event. All failures are told
 * after the last piece, as the chain does.
 */
export function runBatch(
  context: CallContext,
  hotkey: AccountId,
  netuids: readonly number[],
  work: (netuid: number, i: number) => void,
): void {
  const failures: { netuid: number; failure: DispatchFailure }[] = []
  for (const [i, netuid] of netuids.entries()) {
    try {
      context.state.transaction(() => work(netuid, i))
    } catch (error) {
      if (!(error instanceof DispatchFailure)) throw error
      failures.push({ netuid, failure: error })
    }
  }
  if (failures.length > 0) context.emit(events.BatchCompletedWithErrors, {})
  for (const { netuid, failure } of failures) {
    tellFailure(context, netuid, failure)
  }
  context.emit(events.BatchWeightsCompleted, { 0: [...netuids], 1: hotkey })
}

/** Release 393 does not say which subnet it was. The failure has not left the call yet, so its index is our own. */
function tellFailure(context: CallContext, netuid: number, failure: DispatchFailure): void {
  const { face } = context.state
  if (face.rules.batchFailures === 'netuidAndError')
    context.emit(events.BatchWeightItemFailed, { 0: netuid, 1: failure.failure.error })
  else context.emit(events393.BatchWeightItemFailed, { 0: releaseError(failure, face) })
}
