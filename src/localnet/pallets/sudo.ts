import { type Call, type CallContext, call, errorsOf, event, eventsOf, type Origin, type Pallet } from '../pallet.ts'
import type { RuntimeParts } from '../runtime.ts'
import { accountId, dispatchError, multiAddress, weight } from '../scale/chainTypes.ts'
import { result } from '../scale/collections.ts'
import { option, unit } from '../scale/types.ts'
import { optional, storageOf } from '../storage.ts'
import { attempt, outcomeOf } from './attempt.ts'
import { lookUp } from './lookUp.ts'

const name = 'Sudo'
const index = 12

export const storage = storageOf(name, {
  /** The one account whose calls may run as root. */
  Key: optional(accountId),
})

const errorIndices = { RequireSudo: 0 }
const errorDocs = { RequireSudo: 'Sender must be the Sudo account.' }
const errors = errorsOf(name, index, errorIndices)

const outcome = result(unit, dispatchError)
const events = eventsOf(name, index, {
  Sudid: event(0, { sudo_result: outcome }),
  KeyChanged: event(1, { old: option(accountId), new: accountId }),
  KeyRemoved: event(2, {}),
  SudoAsDone: event(3, { sudo_result: outcome }),
})

/** @throws DispatchFailure Sudo.RequireSudo where anybody else signed, root itself included */
function requireSudo({ state, origin }: CallContext): void {
  if (origin.kind !== 'signed' || state.get(storage.Key) !== origin.account) throw errors.RequireSudo()
}

/** Runs a call as somebody else. That it fails is told by the event: the sudo call itself has succeeded. */
const outcomeAs = (context: CallContext, inner: Call, as: Origin) => outcomeOf(attempt(context, inner, as))

// Whoever holds the key pays no fees.
const free = { pays: 'No' } as const

/** Root for one account, which on a localnet is //Alice. */
export function sudo({ runtimeCall }: RuntimeParts): Pallet {
  const calls = {
    sudo: call(
      0,
      { call: runtimeCall },
      (context, args) => {
        requireSudo(context)
        context.emit(events.Sudid, { sudo_result: outcomeAs(context, args.call, { kind: 'root' }) })
      },
      free,
    ),
    /** The weight that is given counts for nothing here: the call weighs what it weighs. */
    sudo_unchecked_weight: call(
      1,
      { call: runtimeCall, weight },
      (context, args) => {
        requireSudo(context)
        context.emit(events.Sudid, { sudo_result: outcomeAs(context, args.call, { kind: 'root' }) })
      },
      free,
    ),
    set_key: call(
      2,
      { new: multiAddress },
      (context, args) => {
        requireSudo(context)
        const key = lookUp(args.new)
        context.emit(events.KeyChanged, { old: context.state.get(storage.Key), new: key })
        context.state.set(storage.Key, [], key)
      },
      free,
    ),
    sudo_as: call(
      3,
      { who: multiAddress, call: runtimeCall },
      (context, args) => {
        requireSudo(context)
        const as: Origin = { kind: 'signed', account: lookUp(args.who) }
        context.emit(events.SudoAsDone, { sudo_result: outcomeAs(context, args.call, as) })
      },
      free,
    ),
    remove_key: call(
      4,
      {},
      (context) => {
        requireSudo(context)
        context.emit(events.KeyRemoved, {})
        context.state.remove(storage.Key)
      },
      free,
    ),
  }
  return { name, index, storage, calls, events, errors: errorIndices, errorDocs, constants: {} }
}
