import { type BlockContext, DispatchFailure } from '../../pallet.ts'
import { type AccountId, zeroAccount } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { swapAlphaForTao, swapTaoForAlpha } from '../swap.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { errors393, storage393 } from './release393.ts'
import { adjustClaimed } from './rootDividends.ts'
import { addToPool, removeFromPool } from './stakePool.ts'
import { storage } from './storage.ts'

/** What all calls that stake and unstake are made of. Amounts are rao. */

export const root = 0
/** Smallest amount that may be staked or left, before the fee. */
export const minimumStake = 2_000_000n

export interface StakeKeys {
  readonly coldkey: AccountId
  readonly hotkey: AccountId
  readonly netuid: number
}

/** Swaps TAO that lies in the subnet's account already, and books the alpha. @returns the alpha */
export function stakeInto(
  context: BlockContext,
  { coldkey, hotkey, netuid }: StakeKeys,
  tao: bigint,
  options: { feeless?: boolean } = {},
): bigint {
  const { state } = context
  const { paidOut: alpha, fee } = swapTaoForAlpha(context, netuid, tao, options)
  if (alpha === 0n) throw errors.AmountTooLow()
  addToPool(state, hotkey, coldkey, netuid, alpha)
  noteStakeBlock(context, coldkey, hotkey)
  if (netuid === root) adjustClaimed(state, hotkey, coldkey, alpha)
  context.emit(events.StakeAdded, { 0: coldkey, 1: hotkey, 2: tao, 3: alpha, 4: netuid, 5: fee })
  return alpha
}

/** Takes alpha off its owner and swaps it. @returns TAO that still lies in the subnet's account; the caller moves it on */
export function unstakeFrom(
  context: BlockContext,
  { coldkey, hotkey, netuid }: StakeKeys,
  amount: bigint,
  options: { feeless?: boolean } = {},
): bigint {
  const { state } = context
  const alpha = removeFromPool(state, hotkey, coldkey, netuid, amount)
  if (netuid === root) adjustClaimed(state, hotkey, coldkey, -alpha)
  const { paidOut: tao, fee } = swapAlphaForTao(context, netuid, alpha, { ...options, hotkey })
  noteStakeBlock(context, coldkey, hotkey)
  context.emit(events.StakeRemoved, { 0: coldkey, 1: hotkey, 2: tao, 3: alpha, 4: netuid, 5: fee })
  return tao
}

/** Remembers when a coldkey last changed its stake on a hotkey. */
export function noteStakeBlock({ state, block }: BlockContext, coldkey: AccountId, hotkey: AccountId): void {
  state.set(storage.LastColdkeyHotkeyStakeBlock, [coldkey, hotkey], BigInt(block))
}

/** @throws DispatchFailure SubnetNotExists */
export function requireSubnet(state: State, netuid: number): void {
  if (!state.get(storage.NetworksAdded, netuid)) throw errors.SubnetNotExists()
}

/** @throws DispatchFailure SubtokenDisabled before the subnet has started */
export function requireSubtoken(state: State, netuid: number): void {
  if (!state.get(storage.SubtokenEnabled, netuid)) throw errors.SubtokenDisabled()
}

/** @throws DispatchFailure HotKeyAccountNotExists */
export function requireHotkey(state: State, hotkey: AccountId): void {
  if (state.get(storage.Owner, hotkey) === zeroAccount) throw errors.HotKeyAccountNotExists()
}

/** Release 393 does not let stake leave in the block that it came in: what came in is written down until the next one. */
export function noteStakeCame({ state }: BlockContext, { hotkey, coldkey, netuid }: StakeKeys): void {
  if (state.face.rules.unstaking === 'anyBlock') return
  state.set(storage393.StakingOperationRateLimiter, [hotkey, coldkey, netuid], true)
}

/** @throws DispatchFailure StakingOperationRateLimitExceeded */
export function requireStakeMayLeave(state: State, { hotkey, coldkey, netuid }: StakeKeys): void {
  if (state.face.rules.unstaking === 'anyBlock') return
  if (state.get(storage393.StakingOperationRateLimiter, hotkey, coldkey, netuid)) {
    throw errors393.StakingOperationRateLimitExceeded()
  }
}

/** A block begins. */
export function forgetStakeThatCame({ state }: BlockContext): void {
  if (state.face.rules.unstaking === 'anyBlock') return
  for (const [keys] of [...state.entries(storage393.StakingOperationRateLimiter)]) {
    state.remove(storage393.StakingOperationRateLimiter, ...keys)
  }
}

/** A swap that its pool refuses is called InsufficientLiquidity in the staking calls. */
export function orInsufficient<T>(quote: () => T): T {
  try {
    return quote()
  } catch (error) {
    if (error instanceof DispatchFailure) throw errors.InsufficientLiquidity()
    throw error
  }
}
