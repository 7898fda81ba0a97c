import { call, signer } from '../../pallet.ts'
import { accountId, netUid } from '../../scale/chainTypes.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { subnetExists } from './mechanisms.ts'
import { storage } from './storage.ts'

export const autoStakeCalls = {
  /**
   * From now on what the coldkey's miners earn on the subnet is staked to this hotkey.
   *
   * @see facts: subtensor-chain.md, keys and identities; emission.md, 7.3
   */
  set_coldkey_auto_stake_hotkey: call(114, { netuid: netUid, hotkey: accountId }, (context, { netuid, hotkey }) => {
    const { state } = context
    const coldkey = signer(context)
    if (!subnetExists(state, netuid)) throw errors.SubnetNotExists()
    if (!state.has(storage.Uids, netuid, hotkey)) throw errors.HotKeyNotRegisteredInSubNet()
    const old = state.get(storage.AutoStakeDestination, coldkey, netuid)
    if (old === hotkey) throw errors.SameAutoStakeHotkeyAlreadySet()
    if (old !== undefined) {
      state.update(storage.AutoStakeDestinationColdkeys, [old, netuid], (all) => all.filter((one) => one !== coldkey))
    }
    state.set(storage.AutoStakeDestination, [coldkey, netuid], hotkey)
    state.update(storage.AutoStakeDestinationColdkeys, [hotkey, netuid], (all) =>
      all.includes(coldkey) ? all : [...all, coldkey],
    )
    context.emit(events.AutoStakeDestinationSet, { coldkey, netuid, hotkey })
  }),
}
