import { type DispatchInfo, feeOf } from '../fees.ts'
import { type BlockContext, type Call, constant, event, eventsOf, type Pallet } from '../pallet.ts'
import { type AccountId, accountId, taoBalance } from '../scale/chainTypes.ts'
import { u8, u128, wrapper } from '../scale/types.ts'
import type { State } from '../state.ts'
import { storageOf, value } from '../storage.ts'
import { invalid } from '../validityError.ts'
import { type AlphaFee, alphaFeeOf, settleAlphaFee, takeAlphaFee } from './alphaFees.ts'
import { deposit, spendable, withdraw } from './balances.ts'

const name = 'TransactionPayment'
const index = 6

export const storage = storageOf(name, {
  /** Parts of 10^18: the chain's fee never moves with its load. */
  NextFeeMultiplier: value(wrapper('sp_arithmetic::fixed_point::FixedU128', u128), 10n ** 18n),
})

const events = eventsOf(name, index, {
  TransactionFeePaid: event(0, { who: accountId, actual_fee: taoBalance, tip: taoBalance }),
})

export const transactionPayment: Pallet = {
  name,
  index,
  storage,
  calls: {},
  events,
  errors: {},
  constants: { OperationalFeeMultiplier: constant(u8, 5) },
}

/** Whether a signer can pay `amount` rao, fee and tip, and live on. Nothing can be paid by anybody. */
function canPayInTao(state: State, signer: AccountId, amount: bigint): boolean {
  return amount === 0n || spendable(state, signer, 'keepAlive') >= amount
}

/** Whether a signer can pay `amount` rao for this call: in TAO, or else out of the stake that the call is about. */
export function canPayFee(state: State, signer: AccountId, call: Call, amount: bigint): boolean {
  return canPayInTao(state, signer, amount) || alphaFeeOf(state, signer, call, amount) !== undefined
}

/** A fee that was taken and has not been handed on yet. */
export interface Charge {
  readonly payer: AccountId
  /** Fee and tip, in rao. */
  readonly paid: bigint
  readonly tip: bigint
  /** Where the fee came out of stake, and what TAO that gave. */
  readonly alpha?: { readonly fee: AlphaFee; readonly tao: bigint }
}

/**
 * Takes fee and tip off the signer before its call runs.
 *
 * @throws ValidityFailure Payment
 */
export function withdrawFee(
  context: BlockContext,
  payer: AccountId,
  call: Call,
  { info, length, tip }: { readonly info: DispatchInfo; readonly length: number; readonly tip: bigint },
): Charge {
  const paid = feeOf(info, length) + tip
  if (canPayInTao(context.state, payer, paid)) {
    withdraw(context, payer, paid)
    return { payer, paid, tip }
  }
  const fee = alphaFeeOf(context.state, payer, call, paid)
  if (fee === undefined) throw invalid('Payment')
  return { payer, paid, tip, alpha: { fee, tao: takeAlphaFee(context, fee) } }
}

/** Hands the fee to the block's author after the call has run, whatever came of it. */
export function settleFee(context: BlockContext, { payer, paid, tip, alpha }: Charge): void {
  if (alpha === undefined) deposit(context, context.author, paid)
  else settleAlphaFee(context, alpha.fee, alpha.tao)
  context.emit(events.TransactionFeePaid, { who: payer, actual_fee: paid, tip })
}
