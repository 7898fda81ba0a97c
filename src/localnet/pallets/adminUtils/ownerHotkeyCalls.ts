import { type CallContext, call } from '../../pallet.ts'
import { type AccountId, accountId, netUid } from '../../scale/chainTypes.ts'
import { errors } from '../subtensor/errors.ts'
import { subnetExists } from '../subtensor/mechanisms.ts'
import { passesRateLimit, requireOpenWindow, requireOwnerOrRoot } from '../subtensor/ownerLimits.ts'
import { setOwnerHotkey } from '../subtensor/registerNetwork.ts'
import { storage } from '../subtensor/storage.ts'

const intervalBlocks = 50_400n

/** The interval binds root too. */
function changeOwnerHotkey(context: CallContext, netuid: number, hotkey: AccountId): void {
  const { state, block } = context
  if (!subnetExists(state, netuid)) throw errors.SubnetNotExists()
  const key = { type: 'SetSNOwnerHotkey', 0: netuid } as const
  const last = state.get(storage.LastRateLimitedBlock, key)
  if (!passesRateLimit(last, block, intervalBlocks)) throw errors.TxRateLimitExceeded()
  state.set(storage.LastRateLimitedBlock, [key], BigInt(block))
  setOwnerHotkey(context, netuid, hotkey)
}

export const ownerHotkeyCalls = {
  sudo_set_sn_owner_hotkey: call(67, { netuid: netUid, hotkey: accountId }, (context, { netuid, hotkey }) => {
    requireOwnerOrRoot(context, netuid)
    requireOpenWindow(context, netuid)
    changeOwnerHotkey(context, netuid, hotkey)
  }),
  /** The older name of the same change, without the freeze window. */
  sudo_set_subnet_owner_hotkey: call(64, { netuid: netUid, hotkey: accountId }, (context, { netuid, hotkey }) => {
    requireOwnerOrRoot(context, netuid)
    changeOwnerHotkey(context, netuid, hotkey)
  }),
}
