import { type BlockContext, DispatchFailure, errorsOf, event, eventsOf } from '../pallet.ts'
import { type AccountId, accountId, taoBalance, type tokenError } from '../scale/chainTypes.ts'
import type { ValueOf } from '../scale/types.ts'
import type { State } from '../state.ts'
import { storageOf, value } from '../storage.ts'
import { type AccountInfo, storage as system, events as systemEvents } from './system.ts'

/**
 * TAO of every account, which System.Account keeps. An account lives while it has the existential deposit free; what is
 * left of one that falls below is burned. What is reserved, as a deposit, stays the account's and cannot be spent; while
 * there is any the account cannot die. All amounts are rao.
 *
 * @see polkadot-sdk `substrate/frame/balances`
 */

export const name = 'Balances'
export const index = 5

/** Least that an account must have to exist, in rao. */
export const existentialDeposit = 500n

export const storage = storageOf(name, {
  TotalIssuance: value(taoBalance, 0n),
  InactiveIssuance: value(taoBalance, 0n),
})

export const errorIndices = { InsufficientBalance: 2, IssuanceDeactivated: 10, DeltaZero: 11 }
export const errors = errorsOf(name, index, errorIndices)

export const errorDocs: Readonly<Record<keyof typeof errorIndices, string>> = {
  InsufficientBalance: 'Balance too low to send value.',
  IssuanceDeactivated: 'The issuance cannot be modified since it is already deactivated.',
  DeltaZero: 'The delta cannot be zero.',
}

export const events = eventsOf(name, index, {
  Endowed: event(0, { account: accountId, free_balance: taoBalance }),
  DustLost: event(1, { account: accountId, amount: taoBalance }),
  Transfer: event(2, { from: accountId, to: accountId, amount: taoBalance }),
  BalanceSet: event(3, { who: accountId, free: taoBalance }),
  Reserved: event(4, { who: accountId, amount: taoBalance }),
  Unreserved: event(5, { who: accountId, amount: taoBalance }),
  Deposit: event(7, { who: accountId, amount: taoBalance }),
  Withdraw: event(8, { who: accountId, amount: taoBalance }),
  Minted: event(10, { who: accountId, amount: taoBalance }),
  Burned: event(11, { who: accountId, amount: taoBalance }),
  Upgraded: event(14, { who: accountId }),
  TotalIssuanceForced: event(21, { old: taoBalance, new: taoBalance }),
})

/** Whether a payment may end the payer's account. */
export type Survival = 'allowDeath' | 'keepAlive'

export function freeBalance(state: State, who: AccountId): bigint {
  return state.get(system.Account, who).data.free
}

export function reservedBalance(state: State, who: AccountId): bigint {
  return state.get(system.Account, who).data.reserved
}

/** What an account can pay at most. One with a deposit somewhere lives on whatever it wants. */
export function spendable(state: State, who: AccountId, survival: Survival): bigint {
  const { data, consumers } = state.get(system.Account, who)
  const kept = survival === 'keepAlive' || consumers > 0 ? existentialDeposit : 0n
  return data.free > kept ? data.free - kept : 0n
}

function tokenFailure(type: ValueOf<typeof tokenError>['type']): DispatchFailure {
  return new DispatchFailure(`Token.${type}`, { type: 'Token', 0: { type } })
}

/** Sets what an account has free. See `setBalances`. */
export function setFree(context: BlockContext, who: AccountId, free: bigint): void {
  setBalances(context, who, free, reservedBalance(context.state, who))
}

/**
 * Sets what an account has, which gives birth to it or ends it. Dust that is left goes out of issuance.
 *
 * @throws DispatchFailure ConsumerRemaining where an account with a reserve would die; NoProviders where one that is not
 *   alive would get a reserve
 */
function setBalances(context: BlockContext, who: AccountId, free: bigint, reserved: bigint): void {
  const { state } = context
  const account = state.get(system.Account, who)
  const lived = account.providers > 0
  if (free < existentialDeposit && reserved > 0n) throw lived ? refused('ConsumerRemaining') : refused('NoProviders')
  if (free >= existentialDeposit) {
    const consumers = account.consumers + Number(reserved > 0n) - Number(account.data.reserved > 0n)
    const next: AccountInfo = { ...account, providers: 1, consumers, data: { ...account.data, free, reserved } }
    state.set(system.Account, [who], next)
    if (lived) return
    context.emit(systemEvents.NewAccount, { account: who })
    context.emit(events.Endowed, { account: who, free_balance: free })
    return
  }
  if (!lived) return
  state.remove(system.Account, who)
  context.emit(systemEvents.KilledAccount, { account: who })
  if (free === 0n) return
  changeIssuance(state, -free)
  context.emit(events.DustLost, { account: who, amount: free })
}

function refused(type: 'ConsumerRemaining' | 'NoProviders'): DispatchFailure {
  return new DispatchFailure(type, { type })
}

/**
 * Sets money aside as a deposit, which its owner keeps and cannot spend.
 *
 * @throws DispatchFailure Balances.InsufficientBalance; ConsumerRemaining where less than the existential deposit would
 *   stay free
 */
export function reserve(context: BlockContext, who: AccountId, amount: bigint): void {
  if (amount === 0n) return
  const { free, reserved } = context.state.get(system.Account, who).data
  if (free < amount) throw errors.InsufficientBalance()
  setBalances(context, who, free - amount, reserved + amount)
  context.emit(events.Reserved, { who, amount })
}

/** Frees a deposit again, or what there is of it. */
export function unreserve(context: BlockContext, who: AccountId, amount: bigint): void {
  const { free, reserved } = context.state.get(system.Account, who).data
  if (amount === 0n || free + reserved === 0n) return
  const freed = amount < reserved ? amount : reserved
  setBalances(context, who, free + freed, reserved - freed)
  context.emit(events.Unreserved, { who, amount: freed })
}

export function changeIssuance(state: State, by: bigint): void {
  state.update(storage.TotalIssuance, [], (issuance) => issuance + by)
}

/**
 * Makes new TAO.
 *
 * @throws DispatchFailure Token.BelowMinimum where it would be too little for an account to live on
 */
export function mint(context: BlockContext, who: AccountId, amount: bigint): void {
  if (amount === 0n) return
  const free = freeBalance(context.state, who) + amount
  if (free < existentialDeposit) throw tokenFailure('BelowMinimum')
  setFree(context, who, free)
  changeIssuance(context.state, amount)
  context.emit(events.Minted, { who, amount })
}

/**
 * Moves TAO from one account to another.
 *
 * @throws DispatchFailure Token.FundsUnavailable, Token.NotExpendable (the payer would die), Token.Frozen (the payer
 *   would die and must not, as it has a reserve), Token.BelowMinimum (the payee could not live)
 */
export function transfer(
  context: BlockContext,
  from: AccountId,
  to: AccountId,
  amount: bigint,
  survival: Survival,
): void {
  const { state } = context
  const { data, consumers } = state.get(system.Account, from)
  const left = data.free - amount
  if (left < 0n) throw tokenFailure('FundsUnavailable')
  if (amount > 0n && left < existentialDeposit) {
    if (consumers > 0) throw tokenFailure('Frozen')
    if (survival === 'keepAlive') throw tokenFailure('NotExpendable')
  }
  const received = freeBalance(state, to) + amount
  if (amount > 0n && received < existentialDeposit) throw tokenFailure('BelowMinimum')
  if (from === to) return
  if (amount > 0n) {
    setFree(context, from, left)
    setFree(context, to, received)
  }
  context.emit(events.Transfer, { from, to, amount })
}

/** Takes TAO that is to be handed on within this block; see `deposit`. The caller knows that it is there. */
export function withdraw(context: BlockContext, who: AccountId, amount: bigint): void {
  if (amount === 0n) return
  setFree(context, who, freeBalance(context.state, who) - amount)
  context.emit(events.Withdraw, { who, amount })
}

/** Hands on what was withdrawn. Where the account cannot live on it, it goes out of issuance. */
export function deposit(context: BlockContext, who: AccountId, amount: bigint): void {
  if (amount === 0n) return
  const free = freeBalance(context.state, who) + amount
  if (free < existentialDeposit) {
    changeIssuance(context.state, -amount)
    return
  }
  setFree(context, who, free)
  context.emit(events.Deposit, { who, amount })
}

/** Destroys TAO of an account. @throws DispatchFailure Token.FundsUnavailable for more than it can spend */
export function burn(context: BlockContext, who: AccountId, amount: bigint, survival: Survival): void {
  if (amount > spendable(context.state, who, survival)) throw tokenFailure('FundsUnavailable')
  setFree(context, who, freeBalance(context.state, who) - amount)
  changeIssuance(context.state, -amount)
  context.emit(events.Burned, { who, amount })
}
