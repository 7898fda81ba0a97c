import { smaller } from '../../../fixed/fixedFormat.ts'
import { type BlockContext, call, DispatchFailure, signer } from '../../pallet.ts'
import { accountId, alphaBalance, netUid, taoBalance } from '../../scale/chainTypes.ts'
import { bool, option } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { existentialDeposit, freeBalance, transfer } from '../balances.ts'
import { quoteBuy, quoteSell, swapFee } from '../swap.ts'
import { mostBuy, mostSell } from '../swapLimits.ts'
import { dropPendingChildren } from './childRelations.ts'
import { errors } from './errors.ts'
import {
  minimumStake,
  noteStakeCame,
  orInsufficient,
  requireHotkey,
  requireStakeMayLeave,
  requireSubnet,
  requireSubtoken,
  root,
  type StakeKeys,
  stakeInto,
  unstakeFrom,
} from './stakeFlow.ts'
import { stakeOf } from './stakePool.ts'
import { storage } from './storage.ts'
import { subnetAccount } from './subnetAccount.ts'

/** @see facts: subtensor-chain.md, add_stake and remove_stake */

const largestInputFactor = 1000n

/** A price, in rao per alpha, beyond which nothing is swapped. */
interface Limit {
  readonly price: bigint
  /** Swap what the limit allows, instead of nothing, where that is less than was asked for. */
  readonly allowPartial: boolean
}

const weight = { refTime: 340_000_000 } as const
const unstakeFields = { hotkey: accountId, netuid: netUid, amount_unstaked: alphaBalance } as const
const stakeFields = { hotkey: accountId, netuid: netUid, amount_staked: taoBalance } as const
const limitFields = { limit_price: taoBalance, allow_partial: bool } as const

export const stakingCalls = {
  add_stake: call(
    2,
    stakeFields,
    (context, { hotkey, netuid, amount_staked }) => {
      addStake(context, { coldkey: signer(context), hotkey, netuid, tao: amount_staked })
    },
    weight,
  ),
  add_stake_limit: call(
    88,
    { ...stakeFields, ...limitFields },
    (context, { hotkey, netuid, amount_staked, limit_price, allow_partial }) => {
      const limit = { price: limit_price, allowPartial: allow_partial }
      addStake(context, { coldkey: signer(context), hotkey, netuid, tao: amount_staked, limit })
    },
    weight,
  ),
  remove_stake: call(
    3,
    unstakeFields,
    (context, { hotkey, netuid, amount_unstaked }) => {
      removeStake(context, { coldkey: signer(context), hotkey, netuid, alpha: amount_unstaked })
    },
    weight,
  ),
  remove_stake_limit: call(
    89,
    { ...unstakeFields, ...limitFields },
    (context, { hotkey, netuid, amount_unstaked, limit_price, allow_partial }) => {
      const limit = { price: limit_price, allowPartial: allow_partial }
      removeStake(context, { coldkey: signer(context), hotkey, netuid, alpha: amount_unstaked, limit })
    },
    weight,
  ),
  /** Everything the coldkey has there, or nothing where the limit does not allow all of it. */
  remove_stake_full_limit: call(
    103,
    { hotkey: accountId, netuid: netUid, limit_price: option(taoBalance) },
    (context, { hotkey, netuid, limit_price }) => {
      const coldkey = signer(context)
      const alpha = stakeOf(context.state, hotkey, coldkey, netuid)
      const limit = limit_price === undefined ? {} : { limit: { price: limit_price, allowPartial: false } }
      removeStake(context, { coldkey, hotkey, netuid, alpha, ...limit })
    },
    weight,
  ),
}

/**
 * Checks in the chain's order, then: TAO to the pool, alpha to the hotkey's stake.
 *
 * @returns the alpha that was staked
 */
export function addStake(
  context: BlockContext,
  stake: StakeKeys & { readonly tao: bigint; readonly limit?: Limit },
): bigint {
  const { state } = context
  const { coldkey, hotkey, netuid, limit } = stake
  const most = limit === undefined ? stake.tao : mostBuy(state, netuid, limit.price)
  if (netuid !== root && stake.tao > state.get(storage.SubnetTAO, netuid) * largestInputFactor) {
    throw errors.InsufficientLiquidity()
  }
  requireSubnet(state, netuid)
  requireSubtoken(state, netuid)
  if (stake.tao < minimumStake + swapFee(state, netuid, minimumStake)) throw errors.AmountTooLow()
  if (limit?.allowPartial === false && stake.tao > most) throw errors.SlippageTooHigh()
  const tao = smaller(stake.tao, most)
  if (freeBalance(state, coldkey) < tao + existentialDeposit) throw errors.NotEnoughBalanceToStake()
  requireHotkey(state, hotkey)
  orInsufficient(() => quoteBuy(state, netuid, tao))
  transfer(context, coldkey, subnetAccount(netuid), tao, 'keepAlive')
  const alpha = stakeInto(context, stake, tao)
  noteStakeCame(context, stake)
  return alpha
}

/** Checks in the chain's order, then: alpha out of the hotkey's stake into the pool, TAO to the coldkey. */
export function removeStake(
  context: BlockContext,
  stake: StakeKeys & { readonly alpha: bigint; readonly limit?: Limit },
): void {
  const { coldkey, hotkey, netuid } = stake
  const { state } = context
  requireSubtoken(state, netuid)
  const most = stake.limit === undefined ? stake.alpha : mostSell(state, netuid, stake.limit.price)
  const alpha = checkUnstake(context, stake, most)
  const tao = unstakeFrom(context, stake, alpha)
  transfer(context, subnetAccount(netuid), coldkey, tao, 'allowDeath')
  clearSmallNomination(context, stake)
  dropPendingChildren(state, hotkey)
}

/**
 * The checks of unstaking, without those of the subnet's token.
 *
 * @param most what a price limit allows
 * @returns the alpha to sell: not more than there is, since the fee may have been taken off the same stake
 */
export function checkUnstake(
  { state }: BlockContext,
  stake: StakeKeys & { readonly alpha: bigint; readonly limit?: Limit },
  most: bigint,
): bigint {
  const { coldkey, hotkey, netuid, limit } = stake
  const owned = stakeOf(state, hotkey, coldkey, netuid)
  const alpha = smaller(stake.alpha, owned)
  requireSubnet(state, netuid)
  requireStakeMayLeave(state, stake)
  if (alpha === 0n) throw errors.AmountTooLow()
  const quote = orInsufficient(() => quoteSell(state, netuid, alpha))
  if (alpha < owned && quote.paidOut < minimumStake) throw errors.AmountTooLow()
  if (limit?.allowPartial === false && alpha > most) throw errors.SlippageTooHigh()
  requireHotkey(state, hotkey)
  if (most === 0n) throw errors.AmountTooLow()
  return smaller(alpha, most)
}

/**
 * A nomination that fell below the minimum is paid back whole; the owner's own stake never is. One that cannot be paid
 * back now stays.
 */
export function clearSmallNomination(context: BlockContext, stake: StakeKeys): void {
  const { state } = context
  const { coldkey, hotkey, netuid } = stake
  const minimum = (state.get(storage.NominatorMinRequiredStake) * minimumStake) / 1_000_000n
  if (minimum === 0n || state.get(storage.Owner, hotkey) === coldkey) return
  const left = stakeOf(state, hotkey, coldkey, netuid)
  const worth = left === 0n ? undefined : worthOf(state, netuid, left)
  if (worth === undefined || worth >= minimum || freeBalance(state, coldkey) + worth < existentialDeposit) return
  transfer(context, subnetAccount(netuid), coldkey, unstakeFrom(context, stake, left), 'allowDeath')
}

/** TAO that selling the alpha would give; `undefined` where the pool refuses it. */
function worthOf(state: State, netuid: number, alpha: bigint): bigint | undefined {
  try {
    return quoteSell(state, netuid, alpha).paidOut
  } catch (error) {
    if (error instanceof DispatchFailure) return undefined
    throw error
  }
}
