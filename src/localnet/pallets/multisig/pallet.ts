import { blake2b256 } from '../../extrinsic.ts'
import { type CallContext, call, constant, type Pallet, signer } from '../../pallet.ts'
import type { RuntimeParts } from '../../runtime.ts'
import { type AccountId, accountId, taoBalance, weight } from '../../scale/chainTypes.ts'
import { encode, option, u16, u32, vec } from '../../scale/types.ts'
import { reserve, unreserve } from '../balances.ts'
import {
  callHash,
  errorDocs,
  errorIndices,
  errors,
  events,
  index,
  maxSignatories,
  name,
  storage,
  timepoint,
  type Waiting,
} from './declarations.ts'
import { depositBase, depositFactor, groupAccount, multisigDeposit, requireSeveral } from './group.ts'
import { operate } from './operate.ts'

interface Begun {
  readonly who: AccountId
  readonly group: AccountId
  readonly waiting: Waiting
}

interface Named {
  readonly threshold: number
  readonly other_signatories: readonly AccountId[]
  readonly call_hash: Uint8Array
}

const group = { threshold: u16, other_signatories: vec(accountId) }

/**
 * Accounts that act when so many of a group agree. What is charged is the weight of the call that comes along, not the
 * weight that is allowed for it: the real chain gives the rest back.
 *
 * @see polkadot-sdk `substrate/frame/multisig`
 */
export function multisig({ runtimeCall, refTimeOf }: RuntimeParts): Pallet {
  const calls = {
    /** For groups of which any one will do: at once. */
    as_multi_threshold_1: call(
      0,
      { other_signatories: vec(accountId), call: runtimeCall },
      (context, { other_signatories, call: inner }) => {
        const account = groupAccount(signer(context), other_signatories, 1)
        context.dispatch(inner, { kind: 'signed', account })
      },
    ),
    as_multi: call(
      1,
      { ...group, maybe_timepoint: option(timepoint), call: runtimeCall, max_weight: weight },
      (context, { threshold, other_signatories: others, maybe_timepoint, call: inner, max_weight }) => {
        const hash = blake2b256(encode(runtimeCall, inner))
        const act = { call: inner, refTime: refTimeOf(inner), maxRefTime: max_weight.ref_time }
        operate(context, { threshold, others, timepoint: maybe_timepoint, hash, act })
      },
    ),
    /** As `as_multi`, but not the last voice, which brings the call itself. */
    approve_as_multi: call(
      2,
      { ...group, maybe_timepoint: option(timepoint), call_hash: callHash, max_weight: weight },
      (context, { threshold, other_signatories: others, maybe_timepoint, call_hash }) => {
        operate(context, { threshold, others, timepoint: maybe_timepoint, hash: call_hash })
      },
    ),
    /** By who began it. */
    cancel_as_multi: call(3, { ...group, timepoint, call_hash: callHash }, (context, args) => {
      const { who, group: multisig, waiting } = find(context, args)
      const { when, depositor, deposit } = waiting
      if (when.height !== args.timepoint.height || when.index !== args.timepoint.index) throw errors.WrongTimepoint()
      if (depositor !== who) throw errors.NotOwner()
      unreserve(context, who, deposit)
      context.state.remove(storage.Multisigs, multisig, args.call_hash)
      context.emit(events.MultisigCancelled, {
        cancelling: who,
        timepoint: when,
        multisig,
        call_hash: args.call_hash,
      })
    }),
    /** Brings a deposit that was made under other rules to what the rules ask for now. */
    poke_deposit: call(4, { ...group, call_hash: callHash }, (context, args) => {
      const { who, group: multisig, waiting } = find(context, args)
      if (waiting.depositor !== who) throw errors.NotOwner()
      const [old, due] = [waiting.deposit, multisigDeposit(args.threshold)]
      if (due === old) return
      if (due > old) reserve(context, who, due - old)
      else unreserve(context, who, old - due)
      context.state.set(storage.Multisigs, [multisig, args.call_hash], { ...waiting, deposit: due })
      context.emit(events.DepositPoked, { who, call_hash: args.call_hash, old_deposit: old, new_deposit: due })
    }),
  }
  return {
    name,
    index,
    storage,
    calls,
    events,
    errors: errorIndices,
    errorDocs,
    constants: {
      DepositBase: constant(taoBalance, depositBase),
      DepositFactor: constant(taoBalance, depositFactor),
      MaxSignatories: constant(u32, maxSignatories),
    },
  }
}

/** A call that waits for its group. @throws DispatchFailure MinimumThreshold, those of `groupAccount`, NotFound */
function find(context: CallContext, { threshold, other_signatories, call_hash }: Named): Begun {
  const who = signer(context)
  requireSeveral(threshold)
  const group = groupAccount(who, other_signatories, threshold)
  const waiting = context.state.get(storage.Multisigs, group, call_hash)
  if (waiting === undefined) throw errors.NotFound()
  return { who, group, waiting }
}
