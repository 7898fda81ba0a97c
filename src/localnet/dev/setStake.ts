import type { LocalNode } from '../node.ts'
import type { BlockContext } from '../pallet.ts'
import { freeBalance } from '../pallets/balances.ts'
import { createHotkey } from '../pallets/subtensor/hotkeys.ts'
import { adjustClaimed } from '../pallets/subtensor/rootDividends.ts'
import { addToPool, removeFromPool, stakeOf } from '../pallets/subtensor/stakePool.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { subnetAccount } from '../pallets/subtensor/subnetAccount.ts'
import { swapAlphaForTao, swapTaoForAlpha } from '../pallets/swap.ts'
import type { AccountId } from '../scale/chainTypes.ts'
import { requireSubnet } from './requireSubnet.ts'
import { requireAmount, writeBalance } from './setBalance.ts'

export interface Stake {
  readonly hotkey: AccountId
  /** Who owns the stake; an unknown hotkey becomes this coldkey's. Default: the hotkey's owner, else the hotkey. */
  readonly coldkey?: AccountId
  readonly netuid: number
  /** Rao of the subnet's alpha; of TAO on root. */
  readonly amount: bigint
}

const root = 0

/**
 * Sets what a coldkey has staked on a hotkey, out of nothing: no price moves and nobody pays. The alpha in circulation
 * follows; on root, where stake is TAO, the issuance does. Shares round, so the stake may be a rao off.
 *
 * @throws InputError for a subnet that there is not
 */
export function setStake(node: LocalNode, stake: Stake): void {
  requireSubnet(node.headState, stake.netuid)
  requireAmount('amount', stake.amount)
  node.edit((context) => writeStake(context, stake))
}

/** As `setStake`, in an edit that does more. */
export function writeStake(context: BlockContext, { hotkey, coldkey, netuid, amount }: Stake): void {
  const { state } = context
  const owner = coldkey ?? (state.has(storage.Owner, hotkey) ? state.get(storage.Owner, hotkey) : hotkey)
  createHotkey(state, owner, hotkey)
  const change = amount - stakeOf(state, hotkey, owner, netuid)
  if (change > 0n) addToPool(state, hotkey, owner, netuid, change)
  else removeFromPool(state, hotkey, owner, netuid, -change)
  if (netuid === root) backWithTao(context, { hotkey, coldkey: owner, change })
  else state.update(storage.SubnetAlphaOut, [netuid], (out) => (out + change > 0n ? out + change : 0n))
}

/** Root's stake is TAO that lies in root's account. */
function backWithTao(
  context: BlockContext,
  { hotkey, coldkey, change }: { hotkey: AccountId; coldkey: AccountId; change: bigint },
): void {
  const { state } = context
  const account = subnetAccount(root)
  adjustClaimed(state, hotkey, coldkey, change)
  writeBalance(context, account, freeBalance(state, account) + change)
  if (change > 0n) swapTaoForAlpha(context, root, change)
  else if (change < 0n) swapAlphaForTao(context, root, -change)
}
