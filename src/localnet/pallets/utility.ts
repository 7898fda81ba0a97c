import {
  badOrigin,
  type Call,
  type CallContext,
  call,
  constant,
  errorsOf,
  event,
  eventsOf,
  type Origin,
  type Pallet,
  requireRoot,
  signer,
} from '../pallet.ts'
import type { RuntimeParts } from '../runtime.ts'
import { dispatchError, weight } from '../scale/chainTypes.ts'
import { result } from '../scale/collections.ts'
import { u16, u32, unit, type ValueOf, vec } from '../scale/types.ts'
import { attempt, outcomeOf } from './attempt.ts'
import { derivativeAccount } from './derivedAccounts.ts'
import { originCaller } from './originCaller.ts'
import { errors as system } from './system.ts'

const name = 'Utility'
const index = 11
const mostCalls = 10_922

const errorIndices = { TooManyCalls: 0 }
const errorDocs = { TooManyCalls: 'Too many calls batched.' }
const errors = errorsOf(name, index, errorIndices)

const events = eventsOf(name, index, {
  BatchInterrupted: event(0, { index: u32, error: dispatchError }),
  BatchCompleted: event(1, {}),
  BatchCompletedWithErrors: event(2, {}),
  ItemCompleted: event(3, {}),
  ItemFailed: event(4, { error: dispatchError }),
  DispatchedAs: event(5, { result: result(unit, dispatchError) }),
  IfElseMainSuccess: event(6, {}),
  IfElseFallbackCalled: event(7, { main_error: dispatchError }),
})

/** The calls that carry a list of others. */
export const batchNames: readonly string[] = ['batch', 'batch_all', 'force_batch']

/**
 * @throws DispatchFailure BadOrigin for nobody's calls; System.CallFiltered for a batch directly inside a batch, unless
 *   root sends it; Utility.TooManyCalls
 */
function check({ origin }: CallContext, items: readonly Call[]): void {
  if (origin.kind === 'none') throw badOrigin()
  const nested = items.some((item) => item.pallet === name && batchNames.includes(item.name))
  if (nested && origin.kind !== 'root') throw system.CallFiltered()
  if (items.length > mostCalls) throw errors.TooManyCalls()
}

/** The origin that a client spelled out. @throws DispatchFailure BadOrigin for Ethereum's, which may make none of our calls */
function originOf(caller: ValueOf<typeof originCaller>): Origin {
  if (caller.type !== 'system') throw badOrigin()
  const [origin] = [caller[0]]
  if (origin.type === 'Root') return { kind: 'root' }
  return origin.type === 'Signed' ? { kind: 'signed', account: origin[0] } : { kind: 'none' }
}

/** Several calls in one extrinsic, or one in the name of somebody else. */
export function utility({ runtimeCall }: RuntimeParts): Pallet {
  const fields = { calls: vec(runtimeCall) }
  const calls = {
    /** Up to the first that fails; what was done before stays. */
    batch: call(0, fields, (context, { calls: items }) => {
      check(context, items)
      for (const [i, item] of items.entries()) {
        const error = attempt(context, item, context.origin)
        if (error !== undefined) return context.emit(events.BatchInterrupted, { index: i, error })
        context.emit(events.ItemCompleted, {})
      }
      context.emit(events.BatchCompleted, {})
    }),
    /** As one of the signer's 65,536 further accounts, under the limits that the signer is under. */
    as_derivative: call(1, { index: u16, call: runtimeCall }, (context, { index, call: inner }) => {
      const account = derivativeAccount(signer(context), index)
      const { origin } = context
      context.dispatch(inner, { kind: 'signed', account, allows: origin.kind === 'signed' ? origin.allows : undefined })
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
    /** By root, as anybody. That the call fails is told by the event. */
    dispatch_as: call(3, { as_origin: originCaller, call: runtimeCall }, (context, { as_origin, call: inner }) => {
      requireRoot(context)
      const error =
        as_origin.type === 'system' ? attempt(context, inner, originOf(as_origin)) : badOrigin().failure.error
      context.emit(events.DispatchedAs, { result: outcomeOf(error) })
    }),
    /** All, whichever of them fail. */
    force_batch: call(4, fields, (context, { calls: items }) => {
      check(context, items)
      let failed = false
      for (const item of items) {
        const error = attempt(context, item, context.origin)
        if (error === undefined) context.emit(events.ItemCompleted, {})
        else context.emit(events.ItemFailed, { error })
        failed ||= error !== undefined
      }
      context.emit(failed ? events.BatchCompletedWithErrors : events.BatchCompleted, {})
    }),
    /** By root. The weight that is given counts for nothing here: the call weighs what it weighs. */
    with_weight: call(5, { call: runtimeCall, weight }, (context, { call: inner }) => {
      requireRoot(context)
      context.dispatch(inner, { kind: 'root' })
    }),
    /** The second where the first fails. */
    if_else: call(6, { main: runtimeCall, fallback: runtimeCall }, (context, { main, fallback }) => {
      if (context.origin.kind === 'none') throw badOrigin()
      const error = attempt(context, main, context.origin)
      if (error === undefined) return context.emit(events.IfElseMainSuccess, {})
      context.dispatch(fallback, context.origin)
      context.emit(events.IfElseFallbackCalled, { main_error: error })
    }),
    /** As `dispatch_as`, but fails where the call fails. */
    dispatch_as_fallible: call(7, { as_origin: originCaller, call: runtimeCall }, (context, args) => {
      requireRoot(context)
      context.dispatch(args.call, originOf(args.as_origin))
      context.emit(events.DispatchedAs, { result: outcomeOf(undefined) })
    }),
  }
  const constants = { batched_calls_limit: constant(u32, mostCalls) }
  return { name, index, storage: {}, calls, events, errors: errorIndices, errorDocs, constants }
}
