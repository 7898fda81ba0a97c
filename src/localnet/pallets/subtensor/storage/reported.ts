import { accountId, alphaBalance, netUid } from '../../../scale/chainTypes.ts'
import { bool, struct, tuple, u16, u64 } from '../../../scale/types.ts'
import { blake2, identity, map, optionalMap } from '../../../storage.ts'
import { i64f64, u64f64 } from '../types.ts'

const lockState = struct('pallet_subtensor::staking::lock::LockState', {
  locked_mass: alphaBalance,
  conviction: u64f64,
  last_update: u64,
})

/** What only clients and the runtime APIs read. */
export const reportedItems = {
  /** Nothing reads it but SubnetInfo. */
  ScalingLawPower: map([identity(netUid)], u16, 50),
  /** coldkey, netuid, hotkey. Stake cannot be locked here, so it is empty; SDK 11 looks before it transfers stake. */
  Lock: optionalMap([blake2(accountId), identity(netUid), blake2(accountId)], lockState),
  /** Block and average. No release since 401 writes it; `btcli subnets list` of SDK 11 never ends where it is missing. */
  SubnetEmaTaoFlow: optionalMap([identity(netUid)], tuple(u64, i64f64)),
  /** No release since 401 writes it. */
  LastHotkeyEmissionOnNetuid: map([blake2(accountId), identity(netUid)], alphaBalance, 0n),
  OwnerCutAutoLockEnabled: map([identity(netUid)], bool, false),
}
