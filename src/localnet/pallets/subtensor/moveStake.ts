import { smaller, u64f64 } from '../../../fixed/fixedFormat.ts'
import { type BlockContext, call, signer } from '../../pallet.ts'
import { accountId, alphaBalance, netUid, taoBalance } from '../../scale/chainTypes.ts'
import { bool } from '../../scale/types.ts'
import { transfer } from '../balances.ts'
import { quoteSell, spotPrice } from '../swap.ts'
import { mostMove } from '../swapLimits.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { adjustClaimed } from './rootDividends.ts'
import {
  minimumStake,
  noteStakeBlock,
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
import { addToPool, removeFromPool, stakeOf } from './stakePool.ts'
import { storage } from './storage.ts'
import { subnetAccount } from './subnetAccount.ts'

/** @see facts: subtensor-chain.md, move_stake, transfer_stake, swap_stake */

interface Move {
  readonly from: StakeKeys
  readonly to: StakeKeys
  readonly alpha: bigint
  /** Alpha of the destination for one of the origin, times 10^9. */
  readonly limit?: { readonly price: bigint; readonly allowPartial: boolean }
  /** Whether both subnets must allow that stake changes its owner. */
  readonly needsToggle?: boolean
}

/** Checks in the chain's order. */
function checkMove({ state }: BlockContext, { from, to, limit, needsToggle }: Move, alpha: bigint, most: bigint): void {
  const isSameKeys = from.coldkey === to.coldkey && from.hotkey === to.hotkey
  if (isSameKeys && from.netuid === to.netuid) throw errors.SameNetuid()
  requireSubnet(state, from.netuid)
  requireSubnet(state, to.netuid)
  requireSubtoken(state, from.netuid)
  requireSubtoken(state, to.netuid)
  requireHotkey(state, from.hotkey)
  requireHotkey(state, to.hotkey)
  requireStakeMayLeave(state, from)
  if (from.netuid !== to.netuid) {
    const { paidOut } = orInsufficient(() => quoteSell(state, from.netuid, alpha))
    if (paidOut <= minimumStake) throw errors.AmountTooLow()
    if (limit?.allowPartial === false && alpha > most) throw errors.SlippageTooHigh()
  }
  if (needsToggle !== true) return
  for (const netuid of [from.netuid, to.netuid]) {
    if (!state.get(storage.TransferToggle, netuid)) throw errors.TransferDisallowed()
  }
}

/**
 * Moves stake between hotkeys, coldkeys and subnets.
 *
 * @returns the TAO that it was worth on its way
 */
function moveStake(context: BlockContext, move: Move): bigint {
  const { state } = context
  const { from, to, limit } = move
  const isWithin = from.netuid === to.netuid
  // Not more than there is: the fee may have been taken off the same stake.
  const alpha = smaller(move.alpha, stakeOf(state, from.hotkey, from.coldkey, from.netuid))
  const most = limit === undefined || isWithin ? alpha : mostMove(state, from.netuid, to.netuid, limit.price)
  checkMove(context, move, alpha, most)
  const moved = smaller(alpha, most)
  return isWithin ? moveWithin(context, from, to, moved) : moveAcross(context, from, to, moved)
}

/** Sells and buys; the fee is charged once, on the way in where the stake comes from root, which has none. */
function moveAcross(context: BlockContext, from: StakeKeys, to: StakeKeys, alpha: bigint): bigint {
  if (alpha === 0n) throw errors.AmountTooLow()
  const tao = unstakeFrom(context, from, alpha, { feeless: from.netuid === root })
  // A limit may have left too little to stake again; then nothing moves.
  if (tao < minimumStake) throw errors.AmountTooLow()
  transfer(context, subnetAccount(from.netuid), subnetAccount(to.netuid), tao, 'allowDeath')
  stakeInto(context, to, tao, { feeless: from.netuid !== root })
  return tao
}

/** Within a subnet nothing is swapped and nothing is charged. */
function moveWithin(context: BlockContext, from: StakeKeys, to: StakeKeys, wanted: bigint): bigint {
  const { state } = context
  const { netuid } = from
  const alpha = removeFromPool(state, from.hotkey, from.coldkey, netuid, wanted)
  addToPool(state, to.hotkey, to.coldkey, netuid, alpha)
  if (netuid === root) {
    adjustClaimed(state, from.hotkey, from.coldkey, -alpha)
    adjustClaimed(state, to.hotkey, to.coldkey, alpha)
  }
  const tao = u64f64.floor(u64f64.mul(u64f64.fromInteger(alpha), spotPrice(state, netuid)))
  if (tao < minimumStake) throw errors.AmountTooLow()
  noteStakeBlock(context, to.coldkey, to.hotkey)
  context.emit(events.StakeRemoved, { 0: from.coldkey, 1: from.hotkey, 2: tao, 3: alpha, 4: netuid, 5: 0n })
  context.emit(events.StakeAdded, { 0: to.coldkey, 1: to.hotkey, 2: tao, 3: alpha, 4: netuid, 5: 0n })
  return tao
}

/** Between subnets, the keys staying the same. */
function swapStake(
  context: BlockContext,
  keys: Omit<StakeKeys, 'netuid'>,
  [from, to]: readonly [from: number, to: number],
  rest: Pick<Move, 'alpha' | 'limit'>,
): void {
  const tao = moveStake(context, { from: { ...keys, netuid: from }, to: { ...keys, netuid: to }, ...rest })
  context.emit(events.StakeSwapped, { 0: keys.coldkey, 1: keys.hotkey, 2: from, 3: to, 4: tao })
}

const route = { origin_netuid: netUid, destination_netuid: netUid, alpha_amount: alphaBalance } as const

export const moveStakeCalls = {
  move_stake: call(
    85,
    { origin_hotkey: accountId, destination_hotkey: accountId, ...route },
    (context, { origin_hotkey, destination_hotkey, origin_netuid, destination_netuid, alpha_amount }) => {
      const coldkey = signer(context)
      const tao = moveStake(context, {
        from: { coldkey, hotkey: origin_hotkey, netuid: origin_netuid },
        to: { coldkey, hotkey: destination_hotkey, netuid: destination_netuid },
        alpha: alpha_amount,
      })
      const ends = { 1: origin_hotkey, 2: origin_netuid, 3: destination_hotkey, 4: destination_netuid }
      context.emit(events.StakeMoved, { 0: coldkey, ...ends, 5: tao })
    },
  ),
  transfer_stake: call(
    86,
    { destination_coldkey: accountId, hotkey: accountId, ...route },
    (context, { destination_coldkey, hotkey, origin_netuid, destination_netuid, alpha_amount }) => {
      const coldkey = signer(context)
      const tao = moveStake(context, {
        from: { coldkey, hotkey, netuid: origin_netuid },
        to: { coldkey: destination_coldkey, hotkey, netuid: destination_netuid },
        alpha: alpha_amount,
        needsToggle: true,
      })
      const subnets = { 3: origin_netuid, 4: destination_netuid }
      context.emit(events.StakeTransferred, { 0: coldkey, 1: destination_coldkey, 2: hotkey, ...subnets, 5: tao })
    },
  ),
  swap_stake: call(
    87,
    { hotkey: accountId, ...route },
    (context, { hotkey, origin_netuid, destination_netuid, alpha_amount }) => {
      const keys = { coldkey: signer(context), hotkey }
      swapStake(context, keys, [origin_netuid, destination_netuid], { alpha: alpha_amount })
    },
  ),
  swap_stake_limit: call(
    90,
    { hotkey: accountId, ...route, limit_price: taoBalance, allow_partial: bool },
    (context, { hotkey, origin_netuid, destination_netuid, alpha_amount, limit_price, allow_partial }) => {
      const limit = { price: limit_price, allowPartial: allow_partial }
      const keys = { coldkey: signer(context), hotkey }
      swapStake(context, keys, [origin_netuid, destination_netuid], { alpha: alpha_amount, limit })
    },
  ),
}
