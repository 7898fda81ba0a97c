import { clampU64, u64f64 } from '../../fixed/fixedFormat.ts'
import { DispatchFailure } from '../pallet.ts'
import { netuids } from '../pallets/subtensor/mechanisms.ts'
import { quoteBuy, quoteSell, type SwapResult, spotPrice } from '../pallets/swap.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { alphaBalance, netUid, taoBalance } from '../scale/chainTypes.ts'
import { struct, u64, type ValueOf, vec } from '../scale/types.ts'
import type { State } from '../state.ts'

const subnetPrice = struct('pallet_subtensor_swap_runtime_api::SubnetPrice', { netuid: netUid, price: u64 })

const simSwapResult = struct('pallet_subtensor_swap_runtime_api::SimSwapResult', {
  tao_amount: taoBalance,
  alpha_amount: alphaBalance,
  tao_fee: taoBalance,
  alpha_fee: alphaBalance,
  tao_slippage: taoBalance,
  alpha_slippage: alphaBalance,
})

type Simulation = ValueOf<typeof simSwapResult>

/** What a swap that the pool refuses is answered with. */
const refused: Simulation = {
  tao_amount: 0n,
  alpha_amount: 0n,
  tao_fee: 0n,
  alpha_fee: 0n,
  tao_slippage: 0n,
  alpha_slippage: 0n,
}

const raoPerTao = u64f64.fromInteger(1_000_000_000n)

/** Rao of TAO for one alpha. */
function priceInRao(state: State, netuid: number): bigint {
  return clampU64(u64f64.floor(u64f64.mul(spotPrice(state, netuid), raoPerTao)))
}

function tryQuote(quote: () => SwapResult): SwapResult | undefined {
  try {
    return quote()
  } catch (error) {
    if (error instanceof DispatchFailure) return undefined
    throw error
  }
}

/** Units less than at the spot price; the fee is among them. */
function shortfall(atSpotPrice: bigint, paidOut: bigint): bigint {
  const units = clampU64(u64f64.floor(atSpotPrice))
  return units > paidOut ? units - paidOut : 0n
}

function simulateBuy(state: State, netuid: number, tao: bigint): Simulation {
  const result = tryQuote(() => quoteBuy(state, netuid, tao))
  if (result === undefined) return refused
  return {
    ...refused,
    tao_amount: result.paidIn,
    alpha_amount: result.paidOut,
    tao_fee: result.fee,
    alpha_slippage: shortfall(u64f64.safeDiv(u64f64.fromInteger(tao), spotPrice(state, netuid)), result.paidOut),
  }
}

function simulateSell(state: State, netuid: number, alpha: bigint): Simulation {
  const result = tryQuote(() => quoteSell(state, netuid, alpha))
  if (result === undefined) return refused
  return {
    ...refused,
    tao_amount: result.paidOut,
    alpha_amount: result.paidIn,
    alpha_fee: result.fee,
    tao_slippage: shortfall(u64f64.mul(u64f64.fromInteger(alpha), spotPrice(state, netuid)), result.paidOut),
  }
}

/**
 * Prices, and what a trade would give. All amounts in rao or the like unit of alpha, the fee part of what is paid in.
 *
 * @see facts: subtensor-chain.md, (b) value conventions
 */
export const swapApi: RuntimeApi = {
  name: 'SwapRuntimeApi',
  version: 1,
  methods: {
    current_alpha_price: method({ netuid: netUid }, u64, ({ state }, { netuid }) => priceInRao(state, netuid)),
    current_alpha_price_all: method({}, vec(subnetPrice), ({ state }) =>
      netuids(state).map((netuid) => ({ netuid, price: priceInRao(state, netuid) })),
    ),
    sim_swap_tao_for_alpha: method({ netuid: netUid, tao: taoBalance }, simSwapResult, ({ state }, { netuid, tao }) =>
      simulateBuy(state, netuid, tao),
    ),
    sim_swap_alpha_for_tao: method(
      { netuid: netUid, alpha: alphaBalance },
      simSwapResult,
      ({ state }, { netuid, alpha }) => simulateSell(state, netuid, alpha),
    ),
  },
}
