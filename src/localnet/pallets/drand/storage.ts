import { quicknet, schemeId } from '../../../timelock/beacon.ts'
import { u32, u64 } from '../../scale/types.ts'
import { blake2, optionalMap, storageOf, value } from '../../storage.ts'
import { type BeaconConfiguration, beaconConfiguration, pulse } from './types.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'ascii'))
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

/** The beacon that the real chain follows, as its storage default has it. */
export const quicknetConfiguration: BeaconConfiguration = {
  public_key: quicknet.publicKey,
  period: quicknet.periodS,
  genesis_time: quicknet.genesisTimeS,
  hash: fromHex(quicknet.chainHash),
  group_hash: fromHex(quicknet.groupHash),
  scheme_id: ascii(schemeId),
  metadata: { beacon_id: ascii(quicknet.beaconId) },
}

/** @see facts: subtensor-metadata-424.json */
export const storage = storageOf('Drand', {
  BeaconConfig: value(beaconConfiguration, quicknetConfiguration),
  Pulses: optionalMap([blake2(u64)], pulse),
  LastStoredRound: value(u64, 0n),
  OldestStoredRound: value(u64, 0n),
  /** Block of the last pulse. */
  NextUnsignedAt: value(u32, 0),
})
