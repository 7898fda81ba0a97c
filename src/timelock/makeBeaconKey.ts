import { sha256 } from '@noble/hashes/sha2.js'
import { publicKeyOf, scalarOf } from './scheme.ts'

export interface BeaconKey {
  /** Scalar of the group, not zero. */
  readonly secret: bigint
  /** 96 bytes. */
  readonly publicKey: Uint8Array
}

/** The key of a beacon of one's own: the same seed gives the same key. Whoever knows the seed can open everything. */
export function makeBeaconKey(seed: string): BeaconKey {
  const secret = scalarOf(sha256(Buffer.from(`faculty beacon ${seed}`, 'utf8'))) || 1n
  return { secret, publicKey: publicKeyOf(secret) }
}
