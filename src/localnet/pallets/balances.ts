import {
  type BlockContext,
  call,
  constant,
  DispatchFailure,
  event,
  eventsOf,
  type Pallet,
  requireRoot,
  signer,
} from '../pallet.ts'
import { type AccountId, accountId, multiAddress, taoBalance, type tokenError } from '../scale/chainTypes.ts'
import { bool, compact, type ValueOf } from '../scale/types.ts'
import type { State } from '../state.ts'
import { storageOf, value } from '../storage.ts'
import { lookUp } from './lookUp.ts'
import { storage as system, events as systemEvents } from './system.ts'

/**
 * TAO of every account, which System.Account keeps. An account lives while it has the existential deposit; what is left
 * of one that falls below is burned. All amounts are rao.
 *
 * @see polkadot-sdk `substrate/frame/balances`
 */

const name = 'Balances'
const index = 5

/** Least that an account must have to exist, in rao. */
export const existentialDeposit = 500n

export const storage = storageOf(name, {
  TotalIssuance: value(taoBalance, 0n),
  InactiveIssuance: value(taoBalance, 0n),
})

const events = eventsOf(name, index, {
  Endowed: event(0, { account: accountId, free_balance: taoBalance }),
  DustLost: event(1, { account: accountId, amount: taoBalance }),
  Transfer: event(2, { from: accountId, to: accountId, amount: taoBalance }),
  BalanceSet: event(3, { who: accountId, free: taoBalance }),
  Deposit: event(7, { who: accountId, amount: taoBalance }),
  Withdraw: event(8, { who: accountId, amount: taoBalance }),
  Minted: event(10, { who: accountId, amount: taoBalance }),
  Burned: event(11, { who: accountId, amount: taoBalance }),
})

/** Whether a payment may end the payer's account. */
export type Survival = 'allowDeath' | 'keepAlive'

export function freeBalance(state: State, who: AccountId): bigint {
  return state.get(system.Account, who).data.free
}

/** What an account can pay at most. */
export function spendable(state: State, who: AccountId, survival: Survival): bigint {
  const free = freeBalance(state, who)
  const kept = survival === 'keepAlive' ? existentialDeposit : 0n
  return free > kept ? free - kept : 0n
}

function tokenFailure(type: ValueOf<typeof tokenError>['type']): DispatchFailure {
  return new DispatchFailure(`Token.${type}`, { type: 'Token', 0: { type } })
}

/** Sets what an account has, which gives birth to it or ends it. Dust that is left goes out of issuance. */
function setFree(context: BlockContext, who: AccountId, free: bigint): void {
  const { state } = context
  const account = state.get(system.Account, who)
  const lived = account.providers > 0
  if (free >= existentialDeposit) {
    state.set(system.Account, [who], { ...account, providers: 1, data: { ...account.data, free } })
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

function changeIssuance(state: State, by: bigint): void {
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
 * @throws DispatchFailure Token.FundsUnavailable, Token.NotExpendable (the payer would die), Token.BelowMinimum (the
 *   payee could not live)
 */
export function transfer(
  context: BlockContext,
  from: AccountId,
  to: AccountId,
  amount: bigint,
  survival: Survival,
): void {
  const { state } = context
  const left = freeBalance(state, from) - amount
  if (left < 0n) throw tokenFailure('FundsUnavailable')
  if (amount > 0n && left < existentialDeposit && survival === 'keepAlive') throw tokenFailure('NotExpendable')
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

/** Destroys TAO of an account. @throws DispatchFailure as `transfer` */
export function burn(context: BlockContext, who: AccountId, amount: bigint, survival: Survival): void {
  const left = freeBalance(context.state, who) - amount
  if (left < 0n) throw tokenFailure('FundsUnavailable')
  if (amount > 0n && left < existentialDeposit && survival === 'keepAlive') throw tokenFailure('NotExpendable')
  setFree(context, who, left)
  changeIssuance(context.state, -amount)
  context.emit(events.Burned, { who, amount })
}

/** Weight of a transfer as measured on the main network. @see facts: current-generation.md, 1.4 */
const transferTime = { refTime: 224_051_000 } as const

const amount = compact(taoBalance)

const calls = {
  transfer_allow_death: call(
    0,
    { dest: multiAddress, value: amount },
    (context, { dest, value }) => transfer(context, signer(context), lookUp(dest), value, 'allowDeath'),
    transferTime,
  ),
  force_transfer: call(
    2,
    { source: multiAddress, dest: multiAddress, value: amount },
    (context, { source, dest, value }) => {
      requireRoot(context)
      transfer(context, lookUp(source), lookUp(dest), value, 'allowDeath')
    },
    transferTime,
  ),
  transfer_keep_alive: call(
    3,
    { dest: multiAddress, value: amount },
    (context, { dest, value }) => transfer(context, signer(context), lookUp(dest), value, 'keepAlive'),
    transferTime,
  ),
  transfer_all: call(
    4,
    { dest: multiAddress, keep_alive: bool },
    (context, { dest, keep_alive }) => {
      const from = signer(context)
      const survival = keep_alive ? 'keepAlive' : 'allowDeath'
      transfer(context, from, lookUp(dest), spendable(context.state, from, survival), survival)
    },
    transferTime,
  ),
  /** Below the existential deposit the account ends. */
  force_set_balance: call(8, { who: multiAddress, new_free: amount }, (context, { who, new_free }) => {
    requireRoot(context)
    const account = lookUp(who)
    const free = new_free < existentialDeposit ? 0n : new_free
    changeIssuance(context.state, free - freeBalance(context.state, account))
    setFree(context, account, free)
    context.emit(events.BalanceSet, { who: account, free })
  }),
  burn: call(10, { value: amount, keep_alive: bool }, (context, { value, keep_alive }) => {
    burn(context, signer(context), value, keep_alive ? 'keepAlive' : 'allowDeath')
  }),
}

export const balances: Pallet = {
  name,
  index,
  storage,
  calls,
  events,
  errors: {},
  constants: { ExistentialDeposit: constant(taoBalance, existentialDeposit) },
}
