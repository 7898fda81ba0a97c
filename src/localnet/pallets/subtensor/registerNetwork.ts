import { maxU64 } from '../../../fixed/fixedFormat.ts'
import { type CallContext, call, signer } from '../../pallet.ts'
import { type AccountId, accountId } from '../../scale/chainTypes.ts'
import { option, type ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { transfer } from '../balances.ts'
import { spotPrice } from '../swap.ts'
import { lendRootStake } from './children.ts'
import { dissolveNetwork } from './dissolveNetwork.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { canPay } from './funds.ts'
import { createHotkey, hotkeyExists, ownsHotkey } from './hotkeys.ts'
import { isValidSubnetIdentity } from './identity.ts'
import { lastNetworkBlock, networkLockCost } from './lockCost.ts'
import { subnetsBesideRoot } from './mechanisms.ts'
import { passesRateLimit } from './ownerLimits.ts'
import { setParameter } from './parameters.ts'
import { recycleTao } from './recycleTao.ts'
import { storage } from './storage.ts'
import { isSubnetAccount, subnetAccount } from './subnetAccount.ts'
import { subnetParameters } from './subnetParameters.ts'
import { subnetToPrune } from './subnetToPrune.ts'
import { nextSymbol } from './symbols.ts'
import { subnetIdentity } from './types.ts'
import { appendNeuron } from './uids.ts'

type Identity = ValueOf<typeof subnetIdentity>

const dynamicMechanism = 1
const firstPrice = 1_000_000_000n

/** Whether a network may be registered in this block, with respect to the last registration. */
export function passesNetworkRateLimit(state: State, block: number): boolean {
  return passesRateLimit(lastNetworkBlock(state), block, state.get(storage.NetworkRateLimit))
}

/** @see facts: subtensor-chain.md, (d) register_network */
function registerNetwork(context: CallContext, hotkey: AccountId, identity: Identity | undefined): void {
  const { state, block } = context
  const coldkey = signer(context)
  if (hotkeyExists(state, hotkey) && !ownsHotkey(state, coldkey, hotkey)) throw errors.NonAssociatedColdKey()
  const { registration } = state.face.rules
  if (registration === 'halfLife' && isSubnetAccount(hotkey)) throw errors.CannotUseSystemAccount()
  if (BigInt(block) < state.get(storage.NetworkRegistrationStartBlock)) throw errors.SubNetRegistrationDisabled()
  if (!passesNetworkRateLimit(state, block)) throw errors.NetworkTxRateLimitExceeded()
  const subnets = subnetsBesideRoot(state)
  const isFull = subnets.length >= state.get(storage.SubnetLimit)
  const pruned = isFull ? subnetToPrune(state, block) : undefined
  if (isFull && pruned === undefined) throw errors.SubnetLimitReached()
  const cost = networkLockCost(state, block)
  if (!canPay(state, coldkey, cost)) throw errors.CannotAffordLockCost()
  if (identity !== undefined && !isValidSubnetIdentity(identity)) throw errors.InvalidIdentity()

  if (pruned !== undefined) dissolveNetwork(context, pruned)
  // Prices of the others, before the new one is among them.
  const others = subnets.filter((netuid) => netuid !== pruned)
  const price = medianPrice(others.map((netuid) => spotPrice(state, netuid)))
  const netuid = pruned ?? freeNetuid(others)
  initialise(context, netuid)
  transfer(context, coldkey, subnetAccount(netuid), cost, 'keepAlive')
  state.set(storage.NetworkLastLockCost, [], cost)
  state.set(storage.LastRateLimitedBlock, [{ type: 'NetworkLastRegistered' }], BigInt(block))
  createHotkey(state, coldkey, hotkey)
  appendNeuron(state, netuid, hotkey, block)
  state.set(storage.SubnetMechanism, [netuid], dynamicMechanism)
  state.set(storage.NetworkRegisteredAt, [netuid], BigInt(block))
  state.update(storage.RegisteredSubnetCounter, [netuid], (count) => count + 1n)
  state.set(storage.TokenSymbol, [netuid], nextSymbol(state, netuid))
  const pool = fillPool(state, netuid, cost, price)
  // Release 393 gives back to issuance what the pool does not get.
  if (registration === 'interval' && cost > pool) recycleTao(context, subnetAccount(netuid), cost - pool, 'allowDeath')
  state.set(storage.SubnetOwner, [netuid], coldkey)
  if (registration === 'halfLife') setOwnerHotkey(context, netuid, hotkey)
  else state.set(storage.SubnetOwnerHotkey, [netuid], hotkey)
  if (identity !== undefined) {
    state.set(storage.SubnetIdentitiesV3, [netuid], identity)
    context.emit(events.SubnetIdentitySet, { 0: netuid })
  }
  state.set(storage.SubnetEmissionEnabled, [netuid], false)
  context.emit(events.NetworkAdded, { 0: netuid, 1: dynamicMechanism })
  lendRootStake(context, netuid, hotkey)
}

/** Makes a hotkey the one that the owner acts through in consensus. */
export function setOwnerHotkey(context: CallContext, netuid: number, hotkey: AccountId): void {
  context.state.set(storage.SubnetOwnerHotkey, [netuid], hotkey)
  context.emit(events.SubnetOwnerHotkeySet, { 0: netuid, 1: hotkey })
}

function freeNetuid(taken: readonly number[]): number {
  let netuid = 1
  while (taken.includes(netuid)) netuid++
  return netuid
}

/** Median of the non-zero prices, U64F64; 1 without any. */
function medianPrice(prices: readonly bigint[]): bigint {
  const sorted = prices.filter((price) => price > 0n).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  if (sorted.length === 0) return 1n << 64n
  const upper = sorted[sorted.length >> 1]!
  return sorted.length % 2 === 1 ? upper : (sorted[(sorted.length >> 1) - 1]! + upper) / 2n
}

/**
 * The whole payment becomes pool TAO, with as much alpha beside it as the price says. Release 393 begins each pool with
 * the least lock cost at price 1.
 *
 * @returns the pool's TAO
 */
function fillPool(state: State, netuid: number, paid: bigint, price: bigint): bigint {
  const least = state.get(storage.NetworkMinLockCost)
  const isFixed = state.face.rules.registration === 'interval'
  const tao = paid > least && !isFixed ? paid : least
  state.set(storage.SubnetTAO, [netuid], tao)
  state.set(storage.SubnetAlphaIn, [netuid], isFixed ? tao : (tao << 64n) / price)
  state.set(storage.SubnetAlphaOut, [netuid], 0n)
  state.set(storage.SubnetVolume, [netuid], 0n)
  state.set(storage.SubnetLocked, [netuid], paid)
  state.set(storage.RAORecycledForRegistration, [netuid], 0n)
  state.update(storage.TotalStake, [], (total) => total + tao)
  return tao
}

/** What every new subnet starts with; the rest are storage defaults. @see facts: subtensor-chain.md, (e) */
function initialise(context: CallContext, netuid: number): void {
  const { state, block } = context
  const tempo = storage.Tempo.fallback(state.build)
  state.set(storage.SubnetworkN, [netuid], 0)
  state.set(storage.NetworksAdded, [netuid], true)
  state.set(storage.Tempo, [netuid], tempo)
  // Subnets of one block do not all have their epochs in one block.
  const stagger = BigInt(netuid % Math.max(tempo, 1))
  state.set(storage.LastEpochBlock, [netuid], BigInt(block) > stagger ? BigInt(block) - stagger : 0n)
  state.update(storage.TotalNetworks, [], (count) => count + 1)
  setParameter(context, subnetParameters.NetworkRegistrationAllowed, netuid, true)
  setParameter(context, subnetParameters.MaxAllowedUids, netuid, 256)
  setParameter(context, subnetParameters.MaxAllowedValidators, netuid, 64)
  setParameter(context, subnetParameters.MinAllowedWeights, netuid, 1)
  setParameter(context, subnetParameters.ImmunityPeriod, netuid, 5000)
  if (state.face.rules.registration === 'interval') setIntervalTerms(context, netuid)
  else {
    state.set(storage.Yuma3On, [netuid], true)
    state.set(storage.Burn, [netuid], firstPrice)
  }
  // Written although they are the defaults, so that a query for the raw keys finds them.
  state.set(storage.Kappa, [netuid], state.get(storage.Kappa, netuid))
  state.set(storage.ActivityCutoff, [netuid], state.get(storage.ActivityCutoff, netuid))
  state.set(storage.RegistrationsThisInterval, [netuid], 0)
}

/** @see facts: subtensor-chain.md, (e), new subnets at 393 */
function setIntervalTerms({ state }: CallContext, netuid: number): void {
  state.set(storage.AdjustmentInterval, [netuid], 360)
  state.set(storage.AdjustmentAlpha, [netuid], 17_893_341_751_498_265_066n)
  state.set(storage.TargetRegistrationsPerInterval, [netuid], 1)
  state.set(storage.MinDifficulty, [netuid], maxU64)
  state.set(storage.MaxDifficulty, [netuid], maxU64)
}

export const registerNetworkCalls = {
  register_network: call(59, { hotkey: accountId }, (context, { hotkey }) => {
    registerNetwork(context, hotkey, undefined)
  }),
  register_network_with_identity: call(
    79,
    { hotkey: accountId, identity: option(subnetIdentity) },
    (context, { hotkey, identity }) => {
      registerNetwork(context, hotkey, identity)
    },
  ),
}
