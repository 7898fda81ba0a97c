import { netUid } from '../../../scale/chainTypes.ts'
import { u16, variant, variantCase } from '../../../scale/types.ts'
import { identity, map } from '../../../storage.ts'
import { u64f64 } from '../types.ts'

const epochConsensus = variant('pallet_subtensor::pallet::EpochConsensus', {
  Yuma: variantCase(0, {}),
  Null: variantCase(1, {}),
})

/**
 * What later releases added and SDK 11.3 reads without looking whether it is there: before `burned_register`,
 * `set_weights` and `btcli sudo get`. Nothing writes it, so it says what is so: no collateral, Yuma consensus.
 *
 * @see facts: current-generation.md, 1.1 (436, 474)
 */
export const laterItems = {
  /** Part of the registration price that is locked, of 65535. */
  CollateralLockShare: map([identity(netUid)], u16, 0),
  /** Alpha of collateral that one alpha of emission sets free; U64F64. */
  CollateralDrainRatio: map([identity(netUid)], u64f64, 1n << 64n),
  SubnetEpochConsensus: map([identity(netUid)], epochConsensus, { type: 'Yuma' }),
}
