import {
  buyAlpha,
  defaultQuoteWeight,
  quoteWeightAfterInjection,
  sellAlpha,
  spotPrice as spotPriceOf,
  type WeightedPool,
} from '../../yuma/weightedPool.ts'
import {
  type BlockContext,
  call,
  constant,
  DispatchFailure,
  errorsOf,
  event,
  eventsOf,
  type Pallet,
  requireRoot,
} from '../pallet.ts'
import { netUid } from '../scale/chainTypes.ts'
import { bool, struct, u16, u64, wrapper } from '../scale/types.ts'
import type { State } from '../state.ts'
import { map, storageOf, twox64 } from '../storage.ts'
import { mint, transfer } from './balances.ts'
import { addToPool } from './subtensor/stakePool.ts'
import { storage as subtensor } from './subtensor/storage.ts'
import { subnetAccount } from './subtensor/subnetAccount.ts'
import { inProportion, keepPrice } from './swap393.ts'

/**
 * The pools in which TAO and a subnet's alpha are swapped: a weighted balancer whose weights start even, where it is
 * the constant-product formula.
 *
 * @see facts: subtensor-chain.md, prices and swaps [423+]; emission.md, 4
 */

const name = 'Swap'
const index = 28

const balancer = struct('pallet_subtensor_swap::pallet::balancer::Balancer', {
  quote: wrapper('sp_arithmetic::per_things::Perquintill', u64),
})

export const storage = storageOf(name, {
  /** Of 65535; the default is about 0.05 %. */
  FeeRate: map([twox64(netUid)], u16, 33),
  SwapBalancer: map([twox64(netUid)], balancer, { quote: defaultQuoteWeight }),
  PalSwapInitialized: map([twox64(netUid)], bool, false),
})

const errorIndices = {
  FeeRateTooHigh: 0,
  PriceLimitExceeded: 3,
  ReservesTooLow: 7,
  MechanismDoesNotExist: 8,
  SwapInputTooLarge: 11,
}
export const errors = errorsOf(name, index, errorIndices)
const events = eventsOf(name, index, { FeeRateSet: event(0, { netuid: netUid, rate: u16 }) })

const maxFeeRate = 10_000
const minimumReserve = 1_000_000n
const largestInputFactor = 1000n
/** What a fee rate is a part of. */
export const feeDenominator = 65_535n

const calls = {
  set_fee_rate: call(0, { netuid: netUid, rate: u16 }, (context, { netuid, rate }) => {
    requireRoot(context)
    if (!context.state.get(subtensor.NetworksAdded, netuid)) throw errors.MechanismDoesNotExist()
    if (rate > maxFeeRate) throw errors.FeeRateTooHigh()
    context.state.set(storage.FeeRate, [netuid], rate)
    context.emit(events.FeeRateSet, { netuid, rate })
  }),
}

export const swap: Pallet = {
  name,
  index,
  storage,
  calls,
  events,
  errors: errorIndices,
  constants: {
    MaxFeeRate: constant(u16, maxFeeRate),
    MinimumLiquidity: constant(u64, 1000n),
  },
}

/** Subnets with mechanism 0, and root, trade one to one. */
export function isStable(state: State, netuid: number): boolean {
  return netuid === 0 || state.get(subtensor.SubnetMechanism, netuid) === 0
}

export function poolOf(state: State, netuid: number): WeightedPool {
  return {
    tao: state.get(subtensor.SubnetTAO, netuid),
    alpha: state.get(subtensor.SubnetAlphaIn, netuid),
    quoteWeight: state.get(storage.SwapBalancer, netuid).quote,
  }
}

/** TAO per alpha as U64F64. */
export function spotPrice(state: State, netuid: number): bigint {
  return isStable(state, netuid) ? 1n << 64n : spotPriceOf(poolOf(state, netuid))
}

/** What a swap does to both sides, in rao. */
export interface SwapResult {
  /** What the buyer paid, fee included; less than offered where the limit price stopped the swap. */
  readonly paidIn: bigint
  readonly paidOut: bigint
  /** Part of `paidIn` that goes to the block author instead of the pool. */
  readonly fee: bigint
}

/**
 * What buying alpha with TAO would give now.
 *
 * @throws DispatchFailure Swap.ReservesTooLow, Swap.SwapInputTooLarge
 */
export function quoteBuy(state: State, netuid: number, taoIn: bigint, options: { feeless?: boolean } = {}): SwapResult {
  if (isStable(state, netuid)) return { paidIn: taoIn, paidOut: taoIn, fee: 0n }
  const fee = options.feeless === true ? 0n : feeOf(state, netuid, taoIn)
  const pool = poolOf(state, netuid)
  checkInput(state, taoIn - fee, pool.tao, pool.alpha)
  const paidOut = buyAlpha(pool, taoIn - fee)
  if (paidOut === 0n && taoIn > 0n) throw errors.ReservesTooLow()
  return { paidIn: taoIn, paidOut, fee }
}

/** What selling alpha for TAO would give now. @throws DispatchFailure as `quoteBuy` */
export function quoteSell(
  state: State,
  netuid: number,
  alphaIn: bigint,
  options: { feeless?: boolean } = {},
): SwapResult {
  if (isStable(state, netuid)) return { paidIn: alphaIn, paidOut: alphaIn, fee: 0n }
  const fee = options.feeless === true ? 0n : feeOf(state, netuid, alphaIn)
  const pool = poolOf(state, netuid)
  checkInput(state, alphaIn - fee, pool.alpha, pool.tao)
  const paidOut = sellAlpha(pool, alphaIn - fee)
  if (paidOut === 0n && alphaIn > 0n) throw errors.ReservesTooLow()
  return { paidIn: alphaIn, paidOut, fee }
}

/** The fee on an amount, in the coin that is paid in; none where trade is one to one. */
export function swapFee(state: State, netuid: number, amount: bigint): bigint {
  return isStable(state, netuid) ? 0n : feeOf(state, netuid, amount)
}

function feeOf(state: State, netuid: number, amount: bigint): bigint {
  return (amount * BigInt(state.get(storage.FeeRate, netuid))) / feeDenominator
}

function checkInput(state: State, input: bigint, inputReserve: bigint, outputReserve: bigint): void {
  if (outputReserve < minimumReserve) throw errors.ReservesTooLow()
  if (state.face.rules.pools === 'balancer' && input > inputReserve * largestInputFactor)
    throw errors.SwapInputTooLarge()
}

/**
 * Buys alpha with TAO that lies in the subnet's account already. The fee moves on from there to the block author; the
 * alpha is the caller's to book.
 */
export function swapTaoForAlpha(
  context: BlockContext,
  netuid: number,
  taoIn: bigint,
  options: { feeless?: boolean } = {},
): SwapResult {
  const { state } = context
  const result = quoteBuy(state, netuid, taoIn, options)
  const tao = result.paidIn - result.fee
  state.update(subtensor.SubnetTAO, [netuid], (reserve) => reserve + tao)
  if (!isStable(state, netuid)) {
    state.set(storage.PalSwapInitialized, [netuid], true)
    state.update(subtensor.SubnetAlphaIn, [netuid], (reserve) => reserve - result.paidOut)
    keepPrice(state, netuid)
  }
  state.update(subtensor.SubnetAlphaOut, [netuid], (out) => out + result.paidOut)
  state.update(subtensor.TotalStake, [], (total) => total + tao)
  state.update(subtensor.SubnetVolume, [netuid], (volume) => volume + tao)
  state.update(subtensor.SubnetTaoFlow, [netuid], (flow) => flow + tao)
  if (result.fee > 0n) transfer(context, subnetAccount(netuid), context.author, result.fee, 'allowDeath')
  return result
}

/**
 * Sells alpha that the caller has taken off its owner. The fee, in alpha, is staked for the block author on the same
 * hotkey.
 *
 * @returns `paidOut` is TAO that still lies in the subnet's account; the caller moves it on
 */
export function swapAlphaForTao(
  context: BlockContext,
  netuid: number,
  alphaIn: bigint,
  options: { feeless?: boolean; hotkey?: `0x${string}` } = {},
): SwapResult {
  const { state } = context
  const result = quoteSell(state, netuid, alphaIn, options)
  const alpha = result.paidIn - result.fee
  state.update(subtensor.SubnetTAO, [netuid], (reserve) => reserve - result.paidOut)
  if (!isStable(state, netuid)) {
    state.set(storage.PalSwapInitialized, [netuid], true)
    state.update(subtensor.SubnetAlphaIn, [netuid], (reserve) => reserve + alpha)
    keepPrice(state, netuid)
  }
  state.update(subtensor.SubnetAlphaOut, [netuid], (out) => (out > alpha ? out - alpha : 0n))
  state.update(subtensor.TotalStake, [], (total) => (total > result.paidOut ? total - result.paidOut : 0n))
  state.update(subtensor.SubnetVolume, [netuid], (volume) => volume + result.paidOut)
  state.update(subtensor.SubnetTaoFlow, [netuid], (flow) => flow - result.paidOut)
  if (result.fee > 0n && options.hotkey !== undefined) {
    addToPool(state, options.hotkey, context.author, netuid, result.fee)
  }
  return result
}

/**
 * Adds emission to both sides of a pool and shifts its weights so that the price stays.
 *
 * @returns what was added: nothing where a weight would leave its bounds
 */
export function injectLiquidity(
  context: BlockContext,
  netuid: number,
  added: { readonly tao: bigint; readonly alpha: bigint },
): { readonly tao: bigint; readonly alpha: bigint } {
  const { state } = context
  if (state.face.rules.pools === 'liquidity' && !isStable(state, netuid))
    return injectInProportion(context, netuid, added)
  if (!isStable(state, netuid)) {
    const quote = quoteWeightAfterInjection(poolOf(state, netuid), added)
    if (quote === null) return { tao: 0n, alpha: 0n }
    if (quote !== state.get(storage.SwapBalancer, netuid).quote) state.set(storage.SwapBalancer, [netuid], { quote })
    state.update(subtensor.SubnetAlphaIn, [netuid], (reserve) => reserve + added.alpha)
  }
  state.update(subtensor.SubnetTAO, [netuid], (reserve) => reserve + added.tao)
  state.update(subtensor.TotalStake, [], (total) => total + added.tao)
  mint(context, subnetAccount(netuid), added.tao)
  return added
}

/** Where a pool has no weights to shift, what does not fit its price waits in the reservoirs for the next time. */
function injectInProportion(
  context: BlockContext,
  netuid: number,
  added: { readonly tao: bigint; readonly alpha: bigint },
): { readonly tao: bigint; readonly alpha: bigint } {
  const { state } = context
  const { tao, alpha } = inProportion(state, netuid, added)
  state.update(subtensor.SubnetTAO, [netuid], (reserve) => reserve + tao)
  state.update(subtensor.SubnetAlphaIn, [netuid], (reserve) => reserve + alpha)
  state.update(subtensor.TotalStake, [], (total) => total + tao)
  mint(context, subnetAccount(netuid), added.tao)
  keepPrice(state, netuid)
  return added
}

/**
 * Buys alpha with newly minted TAO that emission left over; it stays out of circulation as the protocol's own.
 *
 * @returns the TAO that was minted: none where the pool cannot take it
 */
export function buyForProtocol(context: BlockContext, netuid: number, tao: bigint): bigint {
  const { state } = context
  try {
    quoteBuy(state, netuid, tao, { feeless: true })
  } catch (error) {
    if (error instanceof DispatchFailure) return 0n
    throw error
  }
  mint(context, subnetAccount(netuid), tao)
  const bought = swapTaoForAlpha(context, netuid, tao, { feeless: true })
  state.update(subtensor.SubnetProtocolAlpha, [netuid], (alpha) => alpha + bought.paidOut)
  return tao
}
