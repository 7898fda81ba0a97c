import { badOrigin, type CallContext, signer } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { isInFreezeWindow } from './epochTiming.ts'
import { errors } from './errors.ts'
import { storage } from './storage.ts'
import type { hyperparameter, rateLimitKey } from './types.ts'

/** Kinds of transactions with a count of their own, and their numbers in `TransactionKeyLastBlock`. */
export const transactionTypes = {
  SetChildren: 0,
  SetChildkeyTake: 1,
  SetWeightsVersionKey: 4,
  MechanismCountUpdate: 7,
  MechanismEmission: 8,
  MaxUidsTrimming: 9,
  TempoUpdate: 11,
} as const

/** Those that belong to a subnet's owner; the others are a hotkey's. */
type TransactionType = Exclude<keyof typeof transactionTypes, 'SetChildren' | 'SetChildkeyTake'>

/** Something that a subnet's owner may do only so often. */
export type LimitedChange =
  | { readonly kind: 'hyperparameter'; readonly parameter: ValueOf<typeof hyperparameter> }
  | { readonly kind: 'transaction'; readonly type: TransactionType }

const tempoChangeBlocks = 360n

/**
 * Blocks that must lie between two changes.
 *
 * @see facts: subtensor-chain.md, (e) and the table of fast-build values in (a)
 */
function limitBlocks(state: State, netuid: number, change: LimitedChange): bigint {
  const tempo = BigInt(state.get(storage.Tempo, netuid))
  if (change.kind === 'hyperparameter') return tempo * BigInt(state.get(storage.OwnerHyperparamRateLimit))
  switch (change.type) {
    case 'SetWeightsVersionKey':
      return tempo * state.get(storage.WeightsVersionKeyRateLimit)
    case 'MechanismCountUpdate':
    case 'MechanismEmission':
      return state.build === 'fast' ? 1n : 7200n
    case 'MaxUidsTrimming':
      return state.build === 'fast' ? 1n : 216_000n
    case 'TempoUpdate':
      return tempoChangeBlocks
  }
}

function hyperparameterKey(netuid: number, parameter: ValueOf<typeof hyperparameter>): ValueOf<typeof rateLimitKey> {
  return { type: 'OwnerHyperparamUpdate', 0: netuid, 1: parameter }
}

function lastBlock(state: State, who: AccountId, netuid: number, change: LimitedChange): bigint {
  return change.kind === 'hyperparameter'
    ? state.get(storage.LastRateLimitedBlock, hyperparameterKey(netuid, change.parameter))
    : state.get(storage.TransactionKeyLastBlock, who, netuid, transactionTypes[change.type])
}

/** A first time, or a stored block of 0, always passes. */
export function passesRateLimit(last: bigint, block: number, limit: bigint): boolean {
  return last === 0n || BigInt(block) - last >= limit
}

/** @throws DispatchFailure TxRateLimitExceeded */
export function requireRateLimit(context: CallContext, who: AccountId, netuid: number, change: LimitedChange): void {
  const last = lastBlock(context.state, who, netuid, change)
  if (!passesRateLimit(last, context.block, limitBlocks(context.state, netuid, change))) {
    throw errors.TxRateLimitExceeded()
  }
}

/** Remembers that the owner has just made this change. Root's changes are not counted. */
export function recordChange(
  context: CallContext,
  owner: AccountId | undefined,
  netuid: number,
  change: LimitedChange,
): void {
  if (owner === undefined) return
  const block = BigInt(context.block)
  if (change.kind === 'hyperparameter') {
    context.state.set(storage.LastRateLimitedBlock, [hyperparameterKey(netuid, change.parameter)], block)
  } else {
    context.state.set(storage.TransactionKeyLastBlock, [owner, netuid, transactionTypes[change.type]], block)
  }
}

/** The subnet's owner coldkey as signer. @throws DispatchFailure BadOrigin for anybody else */
export function requireOwner(context: CallContext, netuid: number): AccountId {
  const who = signer(context)
  if (context.state.get(storage.SubnetOwner, netuid) !== who) throw badOrigin()
  return who
}

/** The owner where the owner signed, `undefined` for root. @throws DispatchFailure BadOrigin for anybody else */
export function requireOwnerOrRoot(context: CallContext, netuid: number): AccountId | undefined {
  return context.origin.kind === 'root' ? undefined : requireOwner(context, netuid)
}

/** @throws DispatchFailure AdminActionProhibitedDuringWeightsWindow shortly before an epoch */
export function requireOpenWindow(context: CallContext, netuid: number): void {
  if (isInFreezeWindow(context.state, netuid, context.block)) throw errors.AdminActionProhibitedDuringWeightsWindow()
}
