import { boundedBytes } from '../../scale/collections.ts'
import { multiSignature } from '../../scale/frameTypes.ts'
import { byteArray, option, struct, u8, u32, u64, type ValueOf, variant, variantCase, vec } from '../../scale/types.ts'

const hash = boundedBytes(u8, 32)

/** Times in seconds. */
export const beaconConfiguration = struct('pallet_drand::types::BeaconConfiguration', {
  public_key: boundedBytes(u8, 96),
  period: u32,
  genesis_time: u32,
  hash,
  group_hash: hash,
  scheme_id: hash,
  metadata: struct('pallet_drand::types::Metadata', { beacon_id: hash }),
})
export type BeaconConfiguration = ValueOf<typeof beaconConfiguration>

export const pulse = struct('pallet_drand::types::Pulse', {
  round: u64,
  /** SHA-256 of the signature. */
  randomness: boundedBytes(u8, 32),
  signature: boundedBytes(u8, 144),
})
export type Pulse = ValueOf<typeof pulse>

const multiSigner = variant('sp_runtime::MultiSigner', {
  Ed25519: variantCase(0, { 0: byteArray(32) }),
  Sr25519: variantCase(1, { 0: byteArray(32) }),
  Ecdsa: variantCase(2, { 0: byteArray(33) }),
})

/** @property public the node that fetched the pulses */
export const pulsesPayload = struct('pallet_drand::types::PulsesPayload', {
  block_number: u32,
  pulses: vec(pulse),
  public: multiSigner,
})

export const beaconConfigurationPayload = struct('pallet_drand::types::BeaconConfigurationPayload', {
  block_number: u32,
  config: beaconConfiguration,
  public: multiSigner,
})

export const payloadSignature = option(multiSignature)
