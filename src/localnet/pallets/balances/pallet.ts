import { call, constant, type Pallet, requireRoot, signer } from '../../pallet.ts'
import { accountId, multiAddress, taoBalance } from '../../scale/chainTypes.ts'
import { bool, compact, variant, variantCase, vec } from '../../scale/types.ts'
import {
  burn,
  changeIssuance,
  errorDocs,
  errorIndices,
  errors,
  events,
  existentialDeposit,
  freeBalance,
  index,
  name,
  setFree,
  spendable,
  storage,
  transfer,
  unreserve,
} from '../balances.ts'
import { lookUp } from '../lookUp.ts'
import { storage as system } from '../system.ts'

/** Weight of a transfer as measured on the main network. @see facts: current-generation.md, 1.4 */
const transferTime = { refTime: 224_051_000 } as const

const amount = compact(taoBalance)

const direction = variant('pallet_balances::types::AdjustmentDirection', {
  Increase: variantCase(0, {}),
  Decrease: variantCase(1, {}),
})

const maxU64 = 2n ** 64n - 1n
/** The top bit of an account's flags. */
const newLogic = 1n << 127n

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
  force_unreserve: call(5, { who: multiAddress, amount: taoBalance }, (context, { who, amount }) => {
    requireRoot(context)
    unreserve(context, lookUp(who), amount)
  }),
  /** Counts the references of accounts the newer way. All accounts that this chain made are counted so already. */
  upgrade_accounts: call(6, { who: vec(accountId) }, (context, { who }) => {
    signer(context)
    for (const account of who) {
      const info = context.state.get(system.Account, account)
      if ((info.data.flags & newLogic) !== 0n) continue
      const consumers = info.consumers + Number(info.data.reserved > 0n)
      context.state.set(system.Account, [account], {
        ...info,
        consumers,
        data: { ...info.data, flags: info.data.flags | newLogic },
      })
      context.emit(events.Upgraded, { who: account })
    }
  }),
  /** Below the existential deposit the account ends. */
  force_set_balance: call(8, { who: multiAddress, new_free: amount }, (context, { who, new_free }) => {
    requireRoot(context)
    const account = lookUp(who)
    const free = new_free < existentialDeposit ? 0n : new_free
    const before = freeBalance(context.state, account)
    setFree(context, account, free)
    changeIssuance(context.state, free - before)
    context.emit(events.BalanceSet, { who: account, free })
  }),
  force_adjust_total_issuance: call(9, { direction, delta: amount }, (context, { direction, delta }) => {
    requireRoot(context)
    if (delta === 0n) throw errors.DeltaZero()
    const old = context.state.get(storage.TotalIssuance)
    const wanted = direction.type === 'Increase' ? old + delta : old - delta
    const issuance = wanted < 0n ? 0n : wanted > maxU64 ? maxU64 : wanted
    if (context.state.get(storage.InactiveIssuance) > issuance) throw errors.IssuanceDeactivated()
    context.state.set(storage.TotalIssuance, [], issuance)
    context.emit(events.TotalIssuanceForced, { old, new: issuance })
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
  errors: errorIndices,
  errorDocs,
  constants: { ExistentialDeposit: constant(taoBalance, existentialDeposit) },
}
