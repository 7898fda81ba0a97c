import {
  type Call,
  type CallContext,
  call,
  constant,
  type DispatchErrorValue,
  DispatchFailure,
  errorsOf,
  event,
  eventsOf,
  type Pallet,
} from '../pallet.ts'
import type { RuntimeParts } from '../runtime.ts'
import { dispatchError } from '../scale/chainTypes.ts'
import { u32, vec } from '../scale/types.ts'
import { errors as system } from './system.ts'

const name = 'Utility'
const index = 11
const mostCalls = 10_922

const errorIndices = { TooManyCalls: 0 }
const errors = errorsOf(name, index, errorIndices)

const events = eventsOf(name, index, {
  BatchInterrupted: event(0, { index: u32, error: dispatchError }),
  BatchCompleted: event(1, {}),
  BatchCompletedWithErrors: event(2, {}),
  ItemCompleted: event(3, {}),
  ItemFailed: event(4, { error: dispatchError }),
})

const batches = ['batch', 'batch_all', 'force_batch']

/**
 * @throws DispatchFailure System.CallFiltered for a batch directly inside a batch, unless root sends it;
 *   Utility.TooManyCalls
 */
function check({ origin }: CallContext, items: readonly Call[]): void {
  const nested = items.some((item) => item.pallet === name && batches.includes(item.name))
  if (nested && origin.kind !== 'root') throw system.CallFiltered()
  if (items.length > mostCalls) throw errors.TooManyCalls()
}

/** Runs one call of a batch in its own transaction. @returns why it failed, or nothing */
function attempt(context: CallContext, item: Call): DispatchErrorValue | undefined {
  try {
    context.dispatch(item, context.origin)
    return undefined
  } catch (error) {
    if (error instanceof DispatchFailure) return error.failure.error
    throw error
  }
}

/** Several calls in one extrinsic. */
export function utility({ runtimeCall }: RuntimeParts): Pallet {
  const fields = { calls: vec(runtimeCall) }
  const calls = {
    /** Up to the first that fails; what was done before stays. */
    batch: call(0, fields, (context, { calls: items }) => {
      check(context, items)
      for (const [i, item] of items.entries()) {
        const error = attempt(context, item)
        if (error !== undefined) return context.emit(events.BatchInterrupted, { index: i, error })
        context.emit(events.ItemCompleted, {})
      }
      context.emit(events.BatchCompleted, {})
    }),
    /** All or none. */
    batch_all: call(2, fields, (context, { calls: items }) => {
      check(context, items)
      for (const item of items) {
        context.dispatch(item, context.origin)
        context.emit(events.ItemCompleted, {})
      }
      context.emit(events.BatchCompleted, {})
    }),
    /** All, whichever of them fail. */
    force_batch: call(4, fields, (context, { calls: items }) => {
      check(context, items)
      let failed = false
      for (const item of items) {
        const error = attempt(context, item)
        if (error === undefined) context.emit(events.ItemCompleted, {})
        else context.emit(events.ItemFailed, { error })
        failed ||= error !== undefined
      }
      context.emit(failed ? events.BatchCompletedWithErrors : events.BatchCompleted, {})
    }),
  }
  const constants = { batched_calls_limit: constant(u32, mostCalls) }
  return { name, index, storage: {}, calls, events, errors: errorIndices, constants }
}
