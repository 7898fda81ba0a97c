import { type BlockContext, call, DispatchFailure, signer } from '../../pallet.ts'
import { type AccountId, accountId } from '../../scale/chainTypes.ts'
import { transfer } from '../balances.ts'
import { netuids } from './mechanisms.ts'
import { requireHotkey, root, type StakeKeys, stakeInto, unstakeFrom } from './stakeFlow.ts'
import { stakeOf } from './stakePool.ts'
import { checkUnstake, clearSmallNomination } from './staking.ts'
import { storage } from './storage.ts'
import { subnetAccount } from './subnetAccount.ts'

/** @see facts: subtensor-chain.md, unstake_all, unstake_all_alpha */

/** Sells everything on one subnet. @returns the TAO, 0 where a check of unstaking speaks against it */
function sellAll(context: BlockContext, stake: StakeKeys, to: AccountId): bigint {
  const { state } = context
  const alpha = stakeOf(state, stake.hotkey, stake.coldkey, stake.netuid)
  if (!state.get(storage.SubtokenEnabled, stake.netuid) || !mayUnstake(context, stake, alpha)) return 0n
  const tao = unstakeFrom(context, stake, alpha)
  transfer(context, subnetAccount(stake.netuid), to, tao, 'allowDeath')
  clearSmallNomination(context, stake)
  return tao
}

function mayUnstake(context: BlockContext, stake: StakeKeys, alpha: bigint): boolean {
  try {
    checkUnstake(context, { ...stake, alpha }, alpha)
    return true
  } catch (error) {
    if (error instanceof DispatchFailure) return false
    throw error
  }
}

export const unstakeAllCalls = {
  unstake_all: call(83, { hotkey: accountId }, (context, { hotkey }) => {
    const coldkey = signer(context)
    requireHotkey(context.state, hotkey)
    for (const netuid of netuids(context.state)) sellAll(context, { coldkey, hotkey, netuid }, coldkey)
  }),
  /** Sells all alpha and stakes the TAO on root. */
  unstake_all_alpha: call(84, { hotkey: accountId }, (context, { hotkey }) => {
    const coldkey = signer(context)
    requireHotkey(context.state, hotkey)
    let tao = 0n
    for (const netuid of netuids(context.state)) {
      if (netuid !== root) tao += sellAll(context, { coldkey, hotkey, netuid }, subnetAccount(root))
    }
    stakeInto(context, { coldkey, hotkey, netuid: root }, tao)
  }),
}
