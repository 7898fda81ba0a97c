import { type BlockContext, call, DispatchFailure, requireRoot, signer } from '../../pallet.ts'
import { type AccountId, accountId, netUid, perU16 } from '../../scale/chainTypes.ts'
import { bool, u64 } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { checkChildren, type KeyShare, setChildren } from './childRelations.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { ownsHotkey } from './hotkeys.ts'
import { totalStakeOfHotkey } from './hotkeyTotals.ts'
import { subnetExists } from './mechanisms.ts'
import { passesRateLimit, transactionTypes } from './ownerLimits.ts'
import { storage } from './storage.ts'
import { keyShares } from './types.ts'

/** @see facts: subtensor-chain.md, childkeys */

const setChildrenBlocks = 150n
const wholeStake = (1n << 64n) - 1n

function mayHaveChildren(state: State, hotkey: AccountId, netuid: number): boolean {
  if (totalStakeOfHotkey(state, hotkey) >= state.get(storage.StakeThreshold)) return true
  return state.has(storage.SubnetOwnerHotkey, netuid) && state.get(storage.SubnetOwnerHotkey, netuid) === hotkey
}

/** Takes effect at once before the subnet has started, else in the first epoch after the cooldown. */
function askForChildren(
  context: BlockContext,
  coldkey: AccountId,
  { hotkey, netuid, children }: { hotkey: AccountId; netuid: number; children: KeyShare[] },
): void {
  const { state } = context
  const block = BigInt(context.block)
  const key = [hotkey, netuid, transactionTypes.SetChildren] as const
  const last = state.get(storage.TransactionKeyLastBlock, ...key)
  if (!passesRateLimit(last, context.block, setChildrenBlocks)) throw errors.TxRateLimitExceeded()
  if (netuid === 0) throw errors.RegistrationNotPermittedOnRootSubnet()
  if (!subnetExists(state, netuid)) throw errors.SubnetNotExists()
  if (!ownsHotkey(state, coldkey, hotkey)) throw errors.NonAssociatedColdKey()
  if (new Set(children.map(([, child]) => child)).size < children.length) throw errors.DuplicateChild()
  checkChildren(state, hotkey, netuid, children)
  if (children.length > 0 && !mayHaveChildren(state, hotkey, netuid)) throw errors.NotEnoughStakeToSetChildkeys()
  state.set(storage.TransactionKeyLastBlock, key, block)
  if (!state.get(storage.SubtokenEnabled, netuid)) {
    setChildren(state, hotkey, netuid, children)
    context.emit(events.SetChildren, { 0: hotkey, 1: netuid, 2: children })
    return
  }
  const cooldown = block + state.get(storage.PendingChildKeyCooldown)
  state.set(storage.PendingChildKeys, [netuid, hotkey], [children, cooldown])
  context.emit(events.SetChildrenScheduled, { 0: hotkey, 1: netuid, 2: cooldown, 3: children })
}

/**
 * Root validators lend all their stake on a new subnet to its owner, except those who do not want to and those who
 * may not.
 *
 * @see facts: subtensor-chain.md, (d) register_network, root validators [425]
 */
export function lendRootStake(context: BlockContext, netuid: number, ownerHotkey: AccountId): void {
  const { state } = context
  for (const [, hotkey] of [...state.entries(storage.Keys, 0)]) {
    if (hotkey === ownerHotkey || !state.get(storage.AutoParentDelegationEnabled, hotkey)) continue
    const children: KeyShare[] = [[wholeStake, ownerHotkey]]
    try {
      askForChildren(context, state.get(storage.Owner, hotkey), { hotkey, netuid, children })
    } catch (error) {
      if (!(error instanceof DispatchFailure)) throw error
    }
  }
}

export const childrenCalls = {
  set_children: call(67, { hotkey: accountId, netuid: netUid, children: keyShares }, (context, asked) => {
    askForChildren(context, signer(context), asked)
  }),
  /** Only for the hotkey's owner. */
  set_auto_parent_delegation_enabled: call(
    135,
    { hotkey: accountId, enabled: bool },
    (context, { hotkey, enabled }) => {
      const { state } = context
      if (!ownsHotkey(state, signer(context), hotkey)) throw errors.NonAssociatedColdKey()
      state.set(storage.AutoParentDelegationEnabled, [hotkey], enabled)
      context.emit(events.AutoParentDelegationEnabledSet, { hotkey, enabled })
    },
  ),
  /** What a child keeps of the dividends that its parents' stake earns. Only raising it is rate limited. */
  set_childkey_take: call(
    75,
    { hotkey: accountId, netuid: netUid, take: perU16 },
    (context, { hotkey, netuid, take }) => {
      const { state } = context
      const coldkey = signer(context)
      if (!ownsHotkey(state, coldkey, hotkey)) throw errors.NonAssociatedColdKey()
      const least = Math.max(state.get(storage.MinChildkeyTake), state.get(storage.MinChildkeyTakePerSubnet, netuid))
      if (take < least || take > state.get(storage.MaxChildkeyTake)) throw errors.InvalidChildkeyTake()
      const key = [hotkey, netuid, transactionTypes.SetChildkeyTake] as const
      const isRaised = take > state.get(storage.ChildkeyTake, hotkey, netuid)
      const last = state.get(storage.TransactionKeyLastBlock, ...key)
      if (isRaised && !passesRateLimit(last, context.block, state.get(storage.TxChildkeyTakeRateLimit))) {
        throw errors.TxChildkeyTakeRateLimitExceeded()
      }
      state.set(storage.TransactionKeyLastBlock, key, BigInt(context.block))
      state.set(storage.ChildkeyTake, [hotkey, netuid], take)
      context.emit(events.ChildKeyTakeSet, { 0: hotkey, 1: take })
    },
  ),
  set_pending_childkey_cooldown: call(109, { cooldown: u64 }, (context, { cooldown }) => {
    requireRoot(context)
    context.state.set(storage.PendingChildKeyCooldown, [], cooldown)
  }),
  sudo_set_tx_childkey_take_rate_limit: call(69, { tx_rate_limit: u64 }, (context, { tx_rate_limit }) => {
    requireRoot(context)
    context.state.set(storage.TxChildkeyTakeRateLimit, [], tx_rate_limit)
    context.emit(events.TxChildKeyTakeRateLimitSet, { 0: tx_rate_limit })
  }),
  sudo_set_min_childkey_take: call(76, { take: perU16 }, (context, { take }) => {
    requireRoot(context)
    context.state.set(storage.MinChildkeyTake, [], take)
    context.emit(events.MinChildKeyTakeSet, { 0: take })
  }),
  sudo_set_max_childkey_take: call(77, { take: perU16 }, (context, { take }) => {
    requireRoot(context)
    context.state.set(storage.MaxChildkeyTake, [], take)
    context.emit(events.MaxChildKeyTakeSet, { 0: take })
  }),
}
