import { type CallContext, call, signer } from '../../pallet.ts'
import { type AccountId, accountId, perU16 } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { hotkeyExists, ownsHotkey } from './hotkeys.ts'
import { storage } from './storage.ts'

/** @throws DispatchFailure HotKeyAccountNotExists, NonAssociatedColdKey */
export function checkTakeOwner(state: State, coldkey: AccountId, hotkey: AccountId): void {
  if (!hotkeyExists(state, hotkey)) throw errors.HotKeyAccountNotExists()
  if (!ownsHotkey(state, coldkey, hotkey)) throw errors.NonAssociatedColdKey()
}

/** The take that was set for a hotkey; `undefined` where none was and the default applies. */
function takeOf(state: State, hotkey: AccountId): number | undefined {
  return state.has(storage.Delegates, hotkey) ? state.get(storage.Delegates, hotkey) : undefined
}

const lastTakeChange = (hotkey: AccountId) => ({ type: 'LastTxBlockDelegateTake', 0: hotkey }) as const

function requireTakeRateLimit({ state, block }: CallContext, hotkey: AccountId): void {
  const limit = state.get(storage.TxDelegateTakeRateLimit)
  const last = state.get(storage.LastRateLimitedBlock, lastTakeChange(hotkey))
  // Unlike the other limits this one wants more than `limit` blocks between.
  if (limit !== 0n && last !== 0n && BigInt(block) - last <= limit) throw errors.DelegateTxRateLimitExceeded()
}

const free = { pays: 'No' } as const

/** @see facts: subtensor-chain.md, (d) delegate take */
export const takeCalls = {
  decrease_take: call(
    65,
    { hotkey: accountId, take: perU16 },
    (context, { hotkey, take }) => {
      const { state } = context
      const coldkey = signer(context)
      checkTakeOwner(state, coldkey, hotkey)
      const current = takeOf(state, hotkey)
      if (current !== undefined && take >= current) throw errors.DelegateTakeTooLow()
      if (take < state.get(storage.MinDelegateTake)) throw errors.DelegateTakeTooLow()
      state.set(storage.Delegates, [hotkey], take)
      // So that nobody lowers the take only to raise it again in the next block.
      state.set(storage.LastRateLimitedBlock, [lastTakeChange(hotkey)], BigInt(context.block))
      context.emit(events.TakeDecreased, { 0: coldkey, 1: hotkey, 2: take })
    },
    free,
  ),
  increase_take: call(
    66,
    { hotkey: accountId, take: perU16 },
    (context, { hotkey, take }) => {
      const { state } = context
      const coldkey = signer(context)
      checkTakeOwner(state, coldkey, hotkey)
      const current = takeOf(state, hotkey)
      if (current !== undefined && take <= current) throw errors.DelegateTakeTooLow()
      if (take > state.get(storage.MaxDelegateTake)) throw errors.DelegateTakeTooHigh()
      requireTakeRateLimit(context, hotkey)
      state.set(storage.LastRateLimitedBlock, [lastTakeChange(hotkey)], BigInt(context.block))
      state.set(storage.Delegates, [hotkey], take)
      context.emit(events.TakeIncreased, { 0: coldkey, 1: hotkey, 2: take })
    },
    free,
  ),
}
