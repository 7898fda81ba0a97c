import { smaller } from '../../../fixed/fixedFormat.ts'
import { type BlockContext, badOrigin, call, signer } from '../../pallet.ts'
import { accountId, alphaBalance, netUid, taoBalance } from '../../scale/chainTypes.ts'
import { option } from '../../scale/types.ts'
import { recycleAlpha } from './distribute.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { errors393 } from './release393.ts'
import { requireHotkey, requireSubnet, requireSubtoken, root, type StakeKeys } from './stakeFlow.ts'
import { removeFromPool, stakeOf } from './stakePool.ts'
import { addStake } from './staking.ts'
import { storage } from './storage.ts'

/** @see facts: subtensor-chain.md, add_stake_burn, recycle_alpha, burn_alpha */

/** Takes alpha off its owner for nothing; not more than there is. @returns what was taken */
function giveUp({ state }: BlockContext, { coldkey, hotkey, netuid }: StakeKeys, wanted: bigint): bigint {
  requireSubnet(state, netuid)
  if (netuid === root) throw errors.CannotBurnOrRecycleOnRootSubnet()
  requireSubtoken(state, netuid)
  requireHotkey(state, hotkey)
  const amount = smaller(wanted, stakeOf(state, hotkey, coldkey, netuid))
  if (state.get(storage.SubnetAlphaOut, netuid) < amount) throw errors.InsufficientLiquidity()
  return removeFromPool(state, hotkey, coldkey, netuid, amount)
}

/** Burnt alpha stays counted in `SubnetAlphaOut`. */
function burnAlpha(context: BlockContext, stake: StakeKeys, wanted: bigint): void {
  const amount = giveUp(context, stake, wanted)
  context.emit(events.AlphaBurned, { 0: stake.coldkey, 1: stake.hotkey, 2: amount, 3: stake.netuid })
}

const fields = { hotkey: accountId, amount: alphaBalance, netuid: netUid } as const

/** In release 393 only the subnet's owner may, once per tempo. @throws DispatchFailure BadOrigin, AddStakeBurnRateLimitExceeded */
function requireBurner({ state, block }: BlockContext, { coldkey, netuid }: StakeKeys): void {
  if (state.face.rules.stakeBurns === 'anyone') return
  if (state.get(storage.SubnetOwner, netuid) !== coldkey) throw badOrigin()
  const key = { type: 'AddStakeBurn', 0: netuid } as const
  const last = state.get(storage.LastRateLimitedBlock, key)
  if (last > 0n && BigInt(block) - last < BigInt(state.get(storage.Tempo, netuid))) {
    throw errors393.AddStakeBurnRateLimitExceeded()
  }
  state.set(storage.LastRateLimitedBlock, [key], BigInt(block))
}

export const alphaBurnCalls = {
  /** The alpha was never issued: the subnet may issue it again. */
  recycle_alpha: call(101, fields, (context, { hotkey, amount, netuid }) => {
    const coldkey = signer(context)
    const taken = giveUp(context, { coldkey, hotkey, netuid }, amount)
    recycleAlpha(context.state, netuid, taken)
    context.emit(events.AlphaRecycled, { 0: coldkey, 1: hotkey, 2: taken, 3: netuid })
  }),
  burn_alpha: call(102, fields, (context, { hotkey, amount, netuid }) => {
    burnAlpha(context, { coldkey: signer(context), hotkey, netuid }, amount)
  }),
  /** Buys alpha and burns it at once. */
  add_stake_burn: call(
    132,
    { hotkey: accountId, netuid: netUid, amount: taoBalance, limit: option(taoBalance) },
    (context, { hotkey, netuid, amount, limit }) => {
      const stake = { coldkey: signer(context), hotkey, netuid }
      requireBurner(context, stake)
      const within = limit === undefined ? {} : { limit: { price: limit, allowPartial: false } }
      const alpha = addStake(context, { ...stake, tao: amount, ...within })
      burnAlpha(context, stake, alpha)
      context.emit(events.AddStakeBurn, { netuid, hotkey, amount, alpha })
    },
  ),
}
