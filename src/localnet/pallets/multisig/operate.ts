import { type Call, type CallContext, signer } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import { attempt, outcomeOf } from '../attempt.ts'
import { reserve, unreserve } from '../balances.ts'
import { errors, events, storage, type Timepoint, type Waiting } from './declarations.ts'
import { groupAccount, multisigDeposit, requireSeveral } from './group.ts'

/** One member's word on a call. */
export interface Approval {
  readonly threshold: number
  /** The group without the caller, in ascending order. */
  readonly others: readonly AccountId[]
  readonly timepoint: Timepoint | undefined
  readonly hash: Uint8Array
  /** What is to be done once enough agree; absent where only its hash was given. */
  readonly act?: { readonly call: Call; readonly refTime: number; readonly maxRefTime: bigint }
}

const isSame = (a: Timepoint, b: Timepoint): boolean => a.height === b.height && a.index === b.index

/**
 * Notes that the caller agrees, and makes the call where that was the last voice needed and the call is at hand.
 *
 * @throws DispatchFailure of Multisig
 * @see polkadot-sdk `pallet_multisig` operate
 */
export function operate(context: CallContext, approval: Approval): void {
  const { state } = context
  const who = signer(context)
  const { threshold, others, timepoint, hash } = approval
  requireSeveral(threshold)
  const group = groupAccount(who, others, threshold)
  const waiting = state.get(storage.Multisigs, group, hash)
  if (waiting !== undefined) {
    agree(context, { who, group, waiting }, approval)
    return
  }
  if (timepoint !== undefined) throw errors.UnexpectedTimepoint()
  const deposit = multisigDeposit(threshold)
  reserve(context, who, deposit)
  const when: Timepoint = { height: context.block, index: context.extrinsicIndex ?? 0 }
  state.set(storage.Multisigs, [group, hash], { when, deposit, depositor: who, approvals: [who] })
  context.emit(events.NewMultisig, { approving: who, multisig: group, call_hash: hash })
}

interface Member {
  readonly who: AccountId
  readonly group: AccountId
  readonly waiting: Waiting
}

function agree(context: CallContext, { who, group, waiting }: Member, approval: Approval): void {
  const { state } = context
  const { threshold, timepoint, hash, act } = approval
  if (timepoint === undefined) throw errors.NoTimepoint()
  if (!isSame(waiting.when, timepoint)) throw errors.WrongTimepoint()
  const { approvals, depositor, deposit } = waiting
  // Of a call that has enough voices already, and only waits to be made, nobody is asked for another.
  const isNew = approvals.length < threshold && !approvals.includes(who)
  const agreed = isNew ? [...approvals, who].sort() : approvals
  const common = { approving: who, timepoint, multisig: group, call_hash: hash }
  if (act !== undefined && agreed.length >= threshold) {
    if (BigInt(act.refTime) > act.maxRefTime) throw errors.MaxWeightTooLow()
    // Gone before the call runs, which could begin the same again.
    state.remove(storage.Multisigs, group, hash)
    unreserve(context, depositor, deposit)
    const result = outcomeOf(attempt(context, act.call, { kind: 'signed', account: group }))
    context.emit(events.MultisigExecuted, { ...common, result })
    return
  }
  if (!isNew) throw errors.AlreadyApproved()
  state.set(storage.Multisigs, [group, hash], { ...waiting, approvals: agreed })
  context.emit(events.MultisigApproval, common)
}
