import { type CallContext, call, signer } from '../../pallet.ts'
import { type AccountId, accountId, netUid } from '../../scale/chainTypes.ts'
import { bool, option } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { canPay } from './funds.ts'
import { createHotkey, hotkeyExists, ownsHotkey } from './hotkeys.ts'
import { netuids, subnetExists } from './mechanisms.ts'
import { recycleTao } from './recycleTao.ts'
import { moveStakesOfHotkey, moveUid } from './renameHotkey.ts'
import { storage } from './storage.ts'

/** @see facts: subtensor-chain.md, (d) keys and identities */

const root = 0

/** What a swap costs, in rao. */
export const keySwapCost = 100_000_000n
export const keySwapOnSubnetCost = 1_000_000n

/** Blocks that a coldkey waits between two swaps on one subnet. */
export const subnetSwapBlocks = (state: Pick<State, 'build'>): bigint => (state.build === 'fast' ? 1n : 7200n)

interface Swap {
  readonly coldkey: AccountId
  readonly old: AccountId
  readonly fresh: AccountId
  /** The stake stays on the old hotkey. */
  readonly keepStake: boolean
}

function isRegistered(state: State, hotkey: AccountId, netuid: number | undefined): boolean {
  if (netuid !== undefined) return state.has(storage.Uids, netuid, hotkey)
  return netuids(state).some((id) => state.has(storage.Uids, id, hotkey))
}

/** Checks in the chain's order. */
function checkSwap({ state, block }: CallContext, swap: Swap, netuid: number | undefined): void {
  const { coldkey, old, fresh } = swap
  if (!ownsHotkey(state, coldkey, old)) throw errors.NonAssociatedColdKey()
  if (old === fresh) throw errors.NewHotKeyIsSameWithOld()
  const last = state.get(storage.LastRateLimitedBlock, { type: 'LastTxBlock', 0: coldkey })
  const limit = state.get(storage.TxRateLimit)
  if (limit !== 0n && last !== 0n && BigInt(block) - last <= limit) throw errors.HotKeySetTxRateLimitExceeded()
  if (isRegistered(state, fresh, netuid)) throw errors.HotKeyAlreadyRegisteredInSubNet()
  if (hotkeyExists(state, fresh) && !ownsHotkey(state, coldkey, fresh)) throw errors.NonAssociatedColdKey()
  if (netuid !== undefined && !subnetExists(state, netuid)) throw errors.SubnetNotExists()
  // Root dividends of two hotkeys are counted at two rates, which cannot be merged.
  const movesRoot = netuid === undefined || netuid === root
  const isClean =
    state.get(storage.RootClaimable, fresh).length === 0 && state.get(storage.TotalHotkeyAlpha, fresh, root) === 0n
  if (movesRoot && !isClean) throw errors.NewHotKeyNotCleanForRootSwap()
}

const marks = ['LastTxBlock', 'LastTxBlockChildKeyTake', 'LastTxBlockDelegateTake'] as const

function copyMarks(state: State, { old, fresh }: Swap): void {
  for (const type of marks) {
    const last = state.get(storage.LastRateLimitedBlock, { type, 0: old })
    if (last !== 0n) state.set(storage.LastRateLimitedBlock, [{ type, 0: fresh }], last)
  }
}

function swapOnSubnet(context: CallContext, swap: Swap, netuid: number): void {
  const { state } = context
  const { coldkey, old, fresh } = swap
  const last = state.get(storage.LastHotkeySwapOnNetuid, netuid, coldkey)
  if (last + subnetSwapBlocks(state) >= BigInt(context.block)) throw errors.HotKeySwapOnSubnetIntervalNotPassed()
  if (!canPay(state, coldkey, keySwapOnSubnetCost)) throw errors.NotEnoughBalanceToPaySwapHotKey()
  recycleTao(context, coldkey, keySwapOnSubnetCost, 'keepAlive')
  createHotkey(state, coldkey, fresh)
  moveOne(context, swap, netuid)
  state.set(storage.LastHotkeySwapOnNetuid, [netuid, coldkey], BigInt(context.block))
  context.emit(events.HotkeySwappedOnSubnet, { coldkey, old_hotkey: old, new_hotkey: fresh, netuid })
}

function swapEverywhere(context: CallContext, swap: Swap): void {
  const { state } = context
  const { coldkey, old, fresh, keepStake } = swap
  if (!canPay(state, coldkey, keySwapCost)) throw errors.NotEnoughBalanceToPaySwapHotKey()
  recycleTao(context, coldkey, keySwapCost, 'keepAlive')
  createHotkey(state, coldkey, fresh)
  for (const netuid of netuids(state)) moveOne(context, swap, netuid)
  for (const type of marks) state.remove(storage.LastRateLimitedBlock, { type, 0: old })
  if (state.has(storage.Delegates, old)) {
    state.set(storage.Delegates, [fresh], state.get(storage.Delegates, old))
    state.remove(storage.Delegates, old)
  }
  // A hotkey that keeps its stake keeps its owner too: the stake could not be moved otherwise.
  if (!keepStake) forgetHotkey(state, coldkey, old)
  context.emit(events.HotkeySwapped, { coldkey, old_hotkey: old, new_hotkey: fresh })
}

function forgetHotkey(state: State, coldkey: AccountId, hotkey: AccountId): void {
  state.remove(storage.Owner, hotkey)
  for (const list of [storage.OwnedHotkeys, storage.StakingHotkeys]) {
    state.update(list, [coldkey], (hotkeys) => hotkeys.filter((other) => other !== hotkey))
  }
}

function moveOne({ state }: CallContext, { old, fresh, keepStake }: Swap, netuid: number): void {
  moveUid(state, netuid, old, fresh)
  if (!keepStake) moveStakesOfHotkey(state, netuid, old, fresh)
}

function swapHotkey(context: CallContext, swap: Omit<Swap, 'coldkey'>, netuid: number | undefined): void {
  const { state } = context
  const coldkey = signer(context)
  const whole = { coldkey, ...swap }
  checkSwap(context, whole, netuid)
  copyMarks(state, whole)
  if (netuid === undefined) swapEverywhere(context, whole)
  else swapOnSubnet(context, whole, netuid)
  state.set(storage.LastRateLimitedBlock, [{ type: 'LastTxBlock', 0: coldkey }], BigInt(context.block))
}

const fields = { hotkey: accountId, new_hotkey: accountId, netuid: option(netUid) } as const

export const swapHotkeyCalls = {
  /** On one subnet, or on all and then for good. */
  swap_hotkey: call(70, fields, (context, { hotkey, new_hotkey, netuid }) => {
    swapHotkey(context, { old: hotkey, fresh: new_hotkey, keepStake: false }, netuid)
  }),
  swap_hotkey_v2: call(72, { ...fields, keep_stake: bool }, (context, { hotkey, new_hotkey, netuid, keep_stake }) => {
    swapHotkey(context, { old: hotkey, fresh: new_hotkey, keepStake: keep_stake }, netuid)
  }),
}
