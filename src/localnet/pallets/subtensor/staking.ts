import { type BlockContext, call, type DispatchFailure, signer } from '../../pallet.ts'
import { type AccountId, accountId, alphaBalance, netUid, taoBalance, zeroAccount } from '../../scale/chainTypes.ts'
import { existentialDeposit, freeBalance, transfer } from '../balances.ts'
import { quoteBuy, quoteSell, swapAlphaForTao, swapTaoForAlpha } from '../swap.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { adjustClaimed } from './rootDividends.ts'
import { addToPool, removeFromPool, stakeOf } from './stakePool.ts'
import { storage } from './storage.ts'
import { subnetAccount } from './subnetAccount.ts'

/** @see facts: subtensor-chain.md, add_stake and remove_stake */

const root = 0
/** Smallest amount that may be staked or left, before the fee, in rao. */
const minimumStake = 2_000_000n
const largestInputFactor = 1000n

export const stakingCalls = {
  add_stake: call(
    2,
    { hotkey: accountId, netuid: netUid, amount_staked: taoBalance },
    (context, { hotkey, netuid, amount_staked }) => {
      addStake(context, { coldkey: signer(context), hotkey, netuid, tao: amount_staked })
    },
    { refTime: 340_000_000 },
  ),
  remove_stake: call(
    3,
    { hotkey: accountId, netuid: netUid, amount_unstaked: alphaBalance },
    (context, { hotkey, netuid, amount_unstaked }) => {
      removeStake(context, { coldkey: signer(context), hotkey, netuid, alpha: amount_unstaked })
    },
    { refTime: 340_000_000 },
  ),
}

interface StakeKeys {
  readonly coldkey: AccountId
  readonly hotkey: AccountId
  readonly netuid: number
}

/** Checks in the chain's order, then: TAO to the pool, alpha to the hotkey's stake. */
export function addStake(context: BlockContext, stake: StakeKeys & { readonly tao: bigint }): void {
  const { state } = context
  const { coldkey, hotkey, netuid, tao } = stake
  if (netuid !== root && tao > state.get(storage.SubnetTAO, netuid) * largestInputFactor)
    throw errors.InsufficientLiquidity()
  requireTrading(context, netuid)
  if (tao < minimumStake) throw errors.AmountTooLow()
  if (freeBalance(state, coldkey) < tao + existentialDeposit) throw errors.NotEnoughBalanceToStake()
  requireHotkey(context, hotkey)
  const quote = orInsufficient(() => quoteBuy(state, netuid, tao))
  if (tao < minimumStake + quote.fee) throw errors.AmountTooLow()

  transfer(context, coldkey, subnetAccount(netuid), tao, 'keepAlive')
  const { paidOut: alpha, fee } = swapTaoForAlpha(context, netuid, tao)
  addToPool(state, hotkey, coldkey, netuid, alpha)
  if (netuid === root) adjustClaimed(state, hotkey, coldkey, alpha)
  context.emit(events.StakeAdded, { 0: coldkey, 1: hotkey, 2: tao, 3: alpha, 4: netuid, 5: fee })
}

/** Checks in the chain's order, then: alpha out of the hotkey's stake into the pool, TAO to the coldkey. */
export function removeStake(context: BlockContext, stake: StakeKeys & { readonly alpha: bigint }): void {
  const { state } = context
  const { coldkey, hotkey, netuid } = stake
  requireTrading(context, netuid)
  const owned = stakeOf(state, hotkey, coldkey, netuid)
  if (stake.alpha === 0n) throw errors.AmountTooLow()
  if (stake.alpha > owned) throw errors.NotEnoughStakeToWithdraw()
  const quote = orInsufficient(() => quoteSell(state, netuid, stake.alpha))
  if (stake.alpha < owned && quote.paidOut < minimumStake) throw errors.AmountTooLow()
  requireHotkey(context, hotkey)

  const alpha = removeFromPool(state, hotkey, coldkey, netuid, stake.alpha)
  if (netuid === root) adjustClaimed(state, hotkey, coldkey, -alpha)
  const { paidOut: tao, fee } = swapAlphaForTao(context, netuid, alpha, { hotkey })
  transfer(context, subnetAccount(netuid), coldkey, tao, 'allowDeath')
  context.emit(events.StakeRemoved, { 0: coldkey, 1: hotkey, 2: tao, 3: alpha, 4: netuid, 5: fee })
  clearSmallNomination(context, stake)
}

function requireTrading({ state }: BlockContext, netuid: number): void {
  if (!state.get(storage.NetworksAdded, netuid)) throw errors.SubnetNotExists()
  if (!state.get(storage.SubtokenEnabled, netuid)) throw errors.SubtokenDisabled()
}

function requireHotkey({ state }: BlockContext, hotkey: AccountId): void {
  if (state.get(storage.Owner, hotkey) === zeroAccount) throw errors.HotKeyAccountNotExists()
}

/** A swap that its pool refuses is called InsufficientLiquidity in the staking calls. */
function orInsufficient<T>(quote: () => T): T {
  try {
    return quote()
  } catch (error) {
    if ((error as DispatchFailure).failure?.code === 'dispatch') throw errors.InsufficientLiquidity()
    throw error
  }
}

/** A nomination that fell below the minimum is paid back whole; the owner's own stake never is. */
export function clearSmallNomination(context: BlockContext, { coldkey, hotkey, netuid }: StakeKeys): void {
  const { state } = context
  if (state.get(storage.Owner, hotkey) === coldkey) return
  const left = stakeOf(state, hotkey, coldkey, netuid)
  const minimum = (state.get(storage.NominatorMinRequiredStake) * minimumStake) / 1_000_000n
  if (left === 0n || minimum === 0n) return
  const worth = orInsufficient(() => quoteSell(state, netuid, left)).paidOut
  if (worth < minimum) removeStake(context, { coldkey, hotkey, netuid, alpha: left })
}
