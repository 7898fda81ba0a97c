import { type CallContext, call, signer } from '../../pallet.ts'
import { type AccountId, accountId, netUid } from '../../scale/chainTypes.ts'
import { bytes, u64 } from '../../scale/types.ts'
import { transfer } from '../balances.ts'
import { swapTaoForAlpha } from '../swap.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { canPay } from './funds.ts'
import { createHotkey, ownsHotkey } from './hotkeys.ts'
import { checkRegistrationLimits, type Payment, type Proof, takeWork } from './intervalRegistration.ts'
import { subnetExists } from './mechanisms.ts'
import { neuronToPrune } from './pruning.ts'
import { bumpRegistrationPrice } from './registrationPrices.ts'
import { errors393 } from './release393.ts'
import { storage } from './storage.ts'
import { subnetAccount } from './subnetAccount.ts'
import { appendNeuron, replaceNeuron } from './uids.ts'

function requireSubnet(context: CallContext, netuid: number): void {
  if (netuid === 0) throw errors.RegistrationNotPermittedOnRootSubnet()
  if (!subnetExists(context.state, netuid)) throw errors.SubnetNotExists()
}

/**
 * Registers a hotkey for the signing coldkey, which pays the current price into the subnet's pool.
 *
 * @see facts: subtensor-chain.md, (d) burned_register; emission.md, 8
 */
function register(context: CallContext, netuid: number, hotkey: AccountId): void {
  const { state } = context
  const coldkey = signer(context)
  requireSubnet(context, netuid)
  if (!state.get(storage.NetworkRegistrationAllowed, netuid)) throw errors.SubNetRegistrationDisabled()
  if (state.face.rules.registration === 'interval') checkRegistrationLimits(state, netuid)
  if (state.has(storage.Uids, netuid, hotkey)) throw errors.HotKeyAlreadyRegisteredInSubNet()
  const price = state.get(storage.Burn, netuid)
  if (!canPay(state, coldkey, price)) throw errors.NotEnoughBalanceToStake()
  createHotkey(state, coldkey, hotkey)
  if (!ownsHotkey(state, coldkey, hotkey)) throw errors.NonAssociatedColdKey()
  const uid = placeFor(context, netuid)
  payPrice(context, netuid, coldkey, price)
  enter(context, netuid, hotkey, uid, 'burn')
  state.update(storage.RAORecycledForRegistration, [netuid], (sum) => sum + price)
}

/** @param uid of the neuron to replace */
function enter(
  context: CallContext,
  netuid: number,
  hotkey: AccountId,
  uid: number | undefined,
  payment: Payment,
): void {
  const { state } = context
  if (uid === undefined) appendNeuron(state, netuid, hotkey, context.block)
  else replaceNeuron(state, netuid, uid, hotkey, context.block)
  bumpRegistrationPrice(state, netuid, payment)
  state.update(storage.RegistrationsThisBlock, [netuid], (count) => Math.min(count + 1, 65_535))
  context.emit(events.NeuronRegistered, { 0: netuid, 1: uid ?? state.get(storage.SubnetworkN, netuid) - 1, 2: hotkey })
}

/**
 * Registers the signing hotkey for a coldkey that need not be there, paid in work.
 *
 * @see facts: subtensor-chain.md, (d) PoW register [393]
 */
function registerByWork(
  context: CallContext,
  netuid: number,
  { hotkey, coldkey, ...proof }: Proof & { hotkey: AccountId; coldkey: AccountId },
): void {
  const { state } = context
  if (signer(context) !== hotkey) throw errors393.TransactorAccountShouldBeHotKey()
  requireSubnet(context, netuid)
  const isOpen =
    state.get(storage.NetworkRegistrationAllowed, netuid) && state.get(storage.NetworkPowRegistrationAllowed, netuid)
  if (!isOpen) throw errors.SubNetRegistrationDisabled()
  checkRegistrationLimits(state, netuid)
  if (state.has(storage.Uids, netuid, hotkey)) throw errors.HotKeyAlreadyRegisteredInSubNet()
  takeWork(context, netuid, hotkey, proof)
  createHotkey(state, coldkey, hotkey)
  if (!ownsHotkey(state, coldkey, hotkey)) throw errors.NonAssociatedColdKey()
  enter(context, netuid, hotkey, placeFor(context, netuid), 'work')
}

/** The uid to replace, or `undefined` where a new one is free. @throws DispatchFailure NoNeuronIdAvailable */
function placeFor(context: CallContext, netuid: number): number | undefined {
  const { state } = context
  const limit = state.get(storage.MaxAllowedUids, netuid)
  if (limit === 0) throw errors.NoNeuronIdAvailable()
  if (state.get(storage.SubnetworkN, netuid) < limit) return undefined
  const uid = neuronToPrune(state, netuid, context.block)
  if (uid === undefined) throw errors.NoNeuronIdAvailable()
  return uid
}

/** The TAO buys alpha, and that alpha is taken out of circulation. */
function payPrice(context: CallContext, netuid: number, coldkey: AccountId, price: bigint): void {
  transfer(context, coldkey, subnetAccount(netuid), price, 'keepAlive')
  const { paidOut } = swapTaoForAlpha(context, netuid, price)
  context.state.update(storage.SubnetAlphaOut, [netuid], (out) => (out > paidOut ? out - paidOut : 0n))
}

/** Fitted, not the chain's table: with it two registrations cost the 0.0021 TAO that SDK 10.2's own tests allow for. */
const weight = { refTime: 2_000_000_000 } as const

export const registrationCalls = {
  burned_register: call(
    7,
    { netuid: netUid, hotkey: accountId },
    (context, { netuid, hotkey }) => register(context, netuid, hotkey),
    weight,
  ),
  /** Since release 401 the work has no effect, and the coldkey is the signer, whatever the argument says. */
  register: call(
    6,
    { netuid: netUid, block_number: u64, nonce: u64, work: bytes, hotkey: accountId, coldkey: accountId },
    (context, { netuid, hotkey, ...proof }) => {
      if (context.state.face.rules.registration === 'halfLife') register(context, netuid, hotkey)
      else registerByWork(context, netuid, { hotkey, ...proof })
    },
  ),
  register_limit: call(
    134,
    { netuid: netUid, hotkey: accountId, limit_price: u64 },
    (context, { netuid, hotkey, limit_price }) => {
      signer(context)
      requireSubnet(context, netuid)
      if (context.state.get(storage.Burn, netuid) > limit_price) throw errors.RegistrationPriceLimitExceeded()
      register(context, netuid, hotkey)
    },
  ),
}
