import { h256, taoBalance, weight } from './chainTypes.ts'
import {
  type AnyType,
  byteArray,
  bytes,
  compact,
  type ScaleType,
  str,
  struct,
  tuple,
  u8,
  u32,
  u64,
  unit,
  variant,
  variantCase,
  vec,
  withParameters,
  wrapper,
} from './types.ts'

export const dispatchClass = variant('frame_support::dispatch::DispatchClass', {
  Normal: variantCase(0, {}),
  Operational: variantCase(1, {}),
  Mandatory: variantCase(2, {}),
})

export const dispatchEventInfo = struct('frame_system::DispatchEventInfo', {
  weight,
  class: dispatchClass,
  pays_fee: variant('frame_support::dispatch::Pays', { Yes: variantCase(0, {}), No: variantCase(1, {}) }),
})

export const phase = variant('frame_system::Phase', {
  ApplyExtrinsic: variantCase(0, { 0: u32 }),
  Finalization: variantCase(1, {}),
  Initialization: variantCase(2, {}),
})

const engineItem = { 0: byteArray(4), 1: bytes }

export const digestItem = variant('sp_runtime::generic::digest::DigestItem', {
  PreRuntime: variantCase(6, engineItem),
  Consensus: variantCase(4, engineItem),
  Seal: variantCase(5, engineItem),
  Other: variantCase(0, { 0: bytes }),
  RuntimeEnvironmentUpdated: variantCase(8, {}),
})

export const digest = struct('sp_runtime::generic::digest::Digest', { logs: vec(digestItem) })

export const header = withParameters(
  struct('sp_runtime::generic::header::Header', {
    parent_hash: h256,
    number: compact(u32),
    state_root: h256,
    extrinsics_root: h256,
    digest,
  }),
  { Number: u32, Hash: undefined },
)

export function perDispatchClass<T>(of: ScaleType<T>) {
  const type = struct('frame_support::dispatch::PerDispatchClass', { normal: of, operational: of, mandatory: of })
  return withParameters(type, { T: of as AnyType })
}

export const multiSignature = variant('sp_runtime::MultiSignature', {
  Ed25519: variantCase(0, { 0: byteArray(64) }),
  Sr25519: variantCase(1, { 0: byteArray(64) }),
  Ecdsa: variantCase(2, { 0: byteArray(65) }),
})

/** `Cow<str>`, as newer runtimes write names. */
export const cowStr = withParameters(wrapper('Cow', str), { T: str })

/** Wire form of the version; `apis` are 8-byte ids with version numbers. */
export const runtimeVersionType = struct('sp_version::RuntimeVersion', {
  spec_name: cowStr,
  impl_name: cowStr,
  authoring_version: u32,
  spec_version: u32,
  impl_version: u32,
  apis: withParameters(wrapper('Cow', vec(tuple(byteArray(8), u32))), { T: vec(tuple(byteArray(8), u32)) }),
  transaction_version: u32,
  system_version: u8,
})

export const auraPublic = wrapper('sp_consensus_aura::sr25519::app_sr25519::Public', byteArray(32))
export const grandpaPublic = wrapper('sp_consensus_grandpa::app::Public', byteArray(32))
export const slot = wrapper('sp_consensus_slots::Slot', u64, 'u64')

export const dispatchInfoType = withParameters(
  struct('pallet_transaction_payment::types::RuntimeDispatchInfo', {
    weight,
    class: dispatchClass,
    partial_fee: taoBalance,
  }),
  { Balance: taoBalance, Weight: weight },
)

/** `()` as the error or value of a result that says no more. */
export const nothing = unit
