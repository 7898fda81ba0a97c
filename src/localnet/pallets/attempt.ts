import { type BlockContext, type Call, type DispatchErrorValue, DispatchFailure, type Origin } from '../pallet.ts'
import type { ResultValue } from '../scale/collections.ts'

/**
 * Runs a call as somebody, for calls that carry others and succeed whatever comes of those.
 *
 * @returns why it failed, or nothing
 */
export function attempt(context: BlockContext, call: Call, as: Origin): DispatchErrorValue | undefined {
  try {
    context.dispatch(call, as)
    return undefined
  } catch (error) {
    if (error instanceof DispatchFailure) return error.failure.error
    throw error
  }
}

/** What came of a call, as events tell it. */
export function outcomeOf(error: DispatchErrorValue | undefined): ResultValue<undefined, DispatchErrorValue> {
  return error === undefined ? { type: 'Ok', 0: undefined } : { type: 'Err', 0: error }
}
