import { netUid } from '../scale/chainTypes.ts'
import { bool, i32, u64, wrapper } from '../scale/types.ts'
import type { State } from '../state.ts'
import { map, storageOf, twox64 } from '../storage.ts'
import { storage as subtensor } from './subtensor/storage.ts'
import { u64f64 } from './subtensor/types.ts'

const tickIndex = wrapper('pallet_subtensor_swap::tick::TickIndex', i32)

/**
 * What release 393 kept of a pool: the chain's own liquidity over all prices, which makes it the constant-product
 * formula. Positions of users were switched off and are not served.
 *
 * @see facts: subtensor-chain.md, prices and swaps [393]
 */
export const storage393 = storageOf('Swap', {
  SwapV3Initialized: map([twox64(netUid)], bool, false),
  /** Square root of TAO per alpha. */
  AlphaSqrtPrice: map([twox64(netUid)], u64f64, 0n),
  /** The power of 1.0001 below the price. */
  CurrentTick: map([twox64(netUid)], tickIndex, 0),
  /** Square root of TAO rao × alpha rao. */
  CurrentLiquidity: map([twox64(netUid)], u64, 0n),
  /** What emission brought in surplus to the pool's proportions. */
  ScrapReservoirTao: map([twox64(netUid)], u64, 0n),
  ScrapReservoirAlpha: map([twox64(netUid)], u64, 0n),
})

/** Writes down the price that a pool has now, from its first swap on. @see facts: subtensor-chain.md, prices [393] */
export function keepPrice(state: State, netuid: number): void {
  if (state.face.rules.pools !== 'liquidity') return
  const tao = state.get(subtensor.SubnetTAO, netuid)
  const alpha = state.get(subtensor.SubnetAlphaIn, netuid)
  if (tao === 0n || alpha === 0n) return
  state.set(storage393.SwapV3Initialized, [netuid], true)
  state.set(storage393.AlphaSqrtPrice, [netuid], squareRoot((tao << 128n) / alpha))
  state.set(storage393.CurrentTick, [netuid], Math.floor(Math.log(Number(tao) / Number(alpha)) / Math.log(1.0001)))
  state.set(storage393.CurrentLiquidity, [netuid], squareRoot(tao * alpha))
}

/** As much of the emission and the reservoirs as fits the pool's price; the rest becomes the reservoirs. */
export function inProportion(
  state: State,
  netuid: number,
  added: { readonly tao: bigint; readonly alpha: bigint },
): { readonly tao: bigint; readonly alpha: bigint } {
  const tao = added.tao + state.get(storage393.ScrapReservoirTao, netuid)
  const alpha = added.alpha + state.get(storage393.ScrapReservoirAlpha, netuid)
  const [taoReserve, alphaReserve] = [
    state.get(subtensor.SubnetTAO, netuid),
    state.get(subtensor.SubnetAlphaIn, netuid),
  ]
  if (taoReserve === 0n || alphaReserve === 0n) return { tao, alpha }
  const wantedTao = (alpha * taoReserve) / alphaReserve
  const fits = wantedTao <= tao ? { tao: wantedTao, alpha } : { tao, alpha: (tao * alphaReserve) / taoReserve }
  state.set(storage393.ScrapReservoirTao, [netuid], tao - fits.tao)
  state.set(storage393.ScrapReservoirAlpha, [netuid], alpha - fits.alpha)
  return fits
}

/** Rounded down. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (guess + value / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}
