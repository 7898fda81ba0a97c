import { call, signer } from '../../pallet.ts'
import { type AccountId, accountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { storage } from './storage.ts'
import { isSubnetAccount } from './subnetAccount.ts'

export function hotkeyExists(state: State, hotkey: AccountId): boolean {
  return state.has(storage.Owner, hotkey)
}

export function ownsHotkey(state: State, coldkey: AccountId, hotkey: AccountId): boolean {
  return hotkeyExists(state, hotkey) && state.get(storage.Owner, hotkey) === coldkey
}

/**
 * Gives an unknown hotkey to the coldkey; a known one stays as it is.
 *
 * @throws DispatchFailure CannotUseSystemAccount for the account of a subnet
 */
export function createHotkey(state: State, coldkey: AccountId, hotkey: AccountId): void {
  if (hotkeyExists(state, hotkey)) return
  if (isSubnetAccount(hotkey)) throw errors.CannotUseSystemAccount()
  state.set(storage.Owner, [hotkey], coldkey)
  for (const list of [storage.OwnedHotkeys, storage.StakingHotkeys]) {
    const hotkeys = state.get(list, coldkey)
    if (!hotkeys.includes(hotkey)) state.set(list, [coldkey], [...hotkeys, hotkey])
  }
}

export const hotkeyCalls = {
  try_associate_hotkey: call(91, { hotkey: accountId }, (context, { hotkey }) => {
    createHotkey(context.state, signer(context), hotkey)
  }),
}
