import { h256, taoBalance } from './scale/chainTypes.ts'
import { era } from './scale/era.ts'
import {
  type AnyType,
  byteArray,
  compact,
  option,
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

/** @param path of the extension's own type, whose last segment is its name. An extension without content is a marker. */
function extension(path: string, parts: { content?: AnyType; extra?: AnyType; implicit?: AnyType }): SignedExtension {
  const { content, implicit = unit } = parts
  const marker = content === undefined ? struct(path, {}) : wrapper(path, content)
  return { identifier: path.slice(path.lastIndexOf(':') + 1), extra: parts.extra ?? marker, implicit }
}

const metadataHashPath = 'frame_metadata_hash_extension::CheckMetadataHash'

/**
 * The thirteen extensions in the order in which their bytes stand in an extrinsic.
 *
 * @see facts: subtensor-chain.md, (a); subtensor `runtime/src/lib.rs` TxExtension
 */
export const signedExtensions: readonly SignedExtension[] = [
  extension('frame_system::extensions::check_non_zero_sender::CheckNonZeroSender', {}),
  extension('frame_system::extensions::check_spec_version::CheckSpecVersion', { implicit: u32 }),
  extension('frame_system::extensions::check_tx_version::CheckTxVersion', { implicit: u32 }),
  extension('frame_system::extensions::check_genesis::CheckGenesis', { implicit: h256 }),
  extension('node_subtensor_runtime::check_mortality::CheckMortality', { content: era, implicit: h256 }),
  extension('node_subtensor_runtime::check_nonce::CheckNonce', { content: compact(u32) }),
  extension('frame_system::extensions::check_weight::CheckWeight', {}),
  extension('pallet_transaction_payment::ChargeTransactionPayment', { content: compact(taoBalance) }),
  extension('node_subtensor_runtime::sudo_wrapper::SudoTransactionExtension', {}),
  extension('pallet_shield::extension::CheckShieldedTxValidity', {}),
  extension('pallet_subtensor::extensions::subtensor::SubtensorTransactionExtension', {}),
  extension('pallet_drand::drand_priority::DrandPriority', {}),
  extension(metadataHashPath, {
    extra: struct(metadataHashPath, { mode: metadataHashMode }),
    implicit: option(byteArray(32)),
  }),
]
