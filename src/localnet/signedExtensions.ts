import { h256, taoBalance } from './scale/chainTypes.ts'
import { era } from './scale/era.ts'
import {
  type AnyType,
  byteArray,
  compact,
  decodeFields,
  encodeFields,
  type Fields,
  type FieldValues,
  option,
  type ScaleType,
  struct,
  u32,
  unit,
  variant,
  variantCase,
  wrapper,
} from './scale/types.ts'

/** One signed extension as metadata shows it. */
export interface SignedExtension {
  readonly identifier: string
  /** Travels in the extrinsic. */
  readonly extra: AnyType
  /** Only signed. */
  readonly implicit: AnyType
}

const metadataHashMode = variant('frame_metadata_hash_extension::Mode', {
  Disabled: variantCase(0, {}),
  Enabled: variantCase(1, {}),
})

function marker(path: string): AnyType {
  return struct(`${path}`, {})
}

/**
 * The thirteen extensions in the order in which their bytes stand in an extrinsic.
 *
 * @see facts: subtensor-chain.md, (a); subtensor `runtime/src/lib.rs` TxExtension
 */
export const signedExtensions: readonly SignedExtension[] = [
  ['frame_system::extensions::check_non_zero_sender::CheckNonZeroSender'],
  ['frame_system::extensions::check_spec_version::CheckSpecVersion', undefined, u32],
  ['frame_system::extensions::check_tx_version::CheckTxVersion', undefined, u32],
  ['frame_system::extensions::check_genesis::CheckGenesis', undefined, h256],
  ['node_subtensor_runtime::check_mortality::CheckMortality', era, h256],
  ['node_subtensor_runtime::check_nonce::CheckNonce', compact(u32)],
  ['frame_system::extensions::check_weight::CheckWeight'],
  ['pallet_transaction_payment::ChargeTransactionPayment', compact(taoBalance)],
  ['node_subtensor_runtime::sudo_wrapper::SudoTransactionExtension'],
  ['pallet_shield::extension::CheckShieldedTxValidity'],
  ['pallet_subtensor::extensions::subtensor::SubtensorTransactionExtension'],
  ['pallet_drand::drand_priority::DrandPriority'],
  ['frame_metadata_hash_extension::CheckMetadataHash', { mode: metadataHashMode }, option(byteArray(32))],
].map(([path, content, implicit]) => {
  const name = path as string
  return { identifier: name.slice(name.lastIndexOf(':') + 1), extra: extraType(name, content), implicit: implicit ?? unit } as SignedExtension
})
