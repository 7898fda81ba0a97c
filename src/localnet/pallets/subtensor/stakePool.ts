import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { add, floor, fromInteger, mulDiv, scale, subtract } from './safeFloat.ts'
import { storage } from './storage.ts'

/**
 * Stake of a hotkey on a subnet is one pool: a total in alpha (TAO on root), and one share per coldkey. Dividends for
 * everybody raise only the total.
 *
 * @see facts: emission.md, 7.4; subtensor-chain.md, stake bookkeeping
 */

/** What a coldkey's share of the hotkey's pool is worth: total × share ÷ all shares, rounded down. */
export function stakeOf(state: State, hotkey: AccountId, coldkey: AccountId, netuid: number): bigint {
  const share = state.get(storage.AlphaV2, hotkey, coldkey, netuid)
  if (share.mantissa === 0n) return 0n
  const total = state.get(storage.TotalHotkeyAlpha, hotkey, netuid)
  return floor(mulDiv(total, share, state.get(storage.TotalHotkeySharesV2, hotkey, netuid)))
}

/** Raises the pool for all who have a share. */
export function raiseForAll(state: State, hotkey: AccountId, netuid: number, amount: bigint): void {
  if (amount > 0n) state.update(storage.TotalHotkeyAlpha, [hotkey, netuid], (total) => total + amount)
}

/** Adds stake of one coldkey. The first staker of an empty pool gets as many shares as alpha. */
export function addToPool(state: State, hotkey: AccountId, coldkey: AccountId, netuid: number, amount: bigint): void {
  if (amount <= 0n) return
  const total = state.get(storage.TotalHotkeyAlpha, hotkey, netuid)
  const all = state.get(storage.TotalHotkeySharesV2, hotkey, netuid)
  const isEmpty = total === 0n || all.mantissa === 0n
  const shares = isEmpty ? fromInteger(amount) : scale(all, amount, total)
  state.update(storage.AlphaV2, [hotkey, coldkey, netuid], (share) => (isEmpty ? shares : add(share, shares)))
  state.set(storage.TotalHotkeySharesV2, [hotkey, netuid], isEmpty ? shares : add(all, shares))
  state.set(storage.TotalHotkeyAlpha, [hotkey, netuid], total + amount)
  rememberStaker(state, hotkey, coldkey)
}

/**
 * Takes stake of one coldkey away. The caller has checked that it has so much.
 *
 * @returns what was really taken: everything the coldkey has, where `amount` is more
 */
export function removeFromPool(
  state: State,
  hotkey: AccountId,
  coldkey: AccountId,
  netuid: number,
  amount: bigint,
): bigint {
  const owned = stakeOf(state, hotkey, coldkey, netuid)
  const taken = amount < owned ? amount : owned
  if (taken <= 0n) return 0n
  const total = state.get(storage.TotalHotkeyAlpha, hotkey, netuid)
  const all = state.get(storage.TotalHotkeySharesV2, hotkey, netuid)
  const share = state.get(storage.AlphaV2, hotkey, coldkey, netuid)
  const left = taken === owned ? undefined : subtract(share, scale(all, taken, total))
  if (left === undefined || left.mantissa === 0n) state.remove(storage.AlphaV2, hotkey, coldkey, netuid)
  else state.set(storage.AlphaV2, [hotkey, coldkey, netuid], left)
  const sharesLeft = subtract(all, left === undefined ? share : subtract(share, left))
  // A pool without value is closed, so that digits lost on the way are not left over as shares of nobody.
  if (sharesLeft.mantissa === 0n || taken === total) state.remove(storage.TotalHotkeySharesV2, hotkey, netuid)
  else state.set(storage.TotalHotkeySharesV2, [hotkey, netuid], sharesLeft)
  state.set(storage.TotalHotkeyAlpha, [hotkey, netuid], total - taken)
  return taken
}

function rememberStaker(state: State, hotkey: AccountId, coldkey: AccountId): void {
  const hotkeys = state.get(storage.StakingHotkeys, coldkey)
  if (!hotkeys.includes(hotkey)) state.set(storage.StakingHotkeys, [coldkey], [...hotkeys, hotkey])
}

/** Sum of a coldkey's stakes on the hotkeys that it uses, on one subnet. */
export function stakeOfColdkey(state: State, coldkey: AccountId, netuid: number): bigint {
  return state
    .get(storage.StakingHotkeys, coldkey)
    .reduce((sum, hotkey) => sum + stakeOf(state, hotkey, coldkey, netuid), 0n)
}
