import { blake2b } from '@noble/hashes/blake2.js'
import { type AccountId, accountId, type Hex32, netUidStorageIndex } from '../../scale/chainTypes.ts'
import { encode, tuple, u16, u64, vec } from '../../scale/types.ts'

const committed = tuple(accountId, netUidStorageIndex, vec(u16), vec(u16), vec(u16), u64)

export interface Reveal {
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly salt: readonly number[]
  readonly versionKey: bigint
}

/**
 * What a hashed commit must contain to be opened with this reveal.
 *
 * @param index mecid × 4096 + netuid
 * @see facts: commit-reveal.md, 3
 */
export function commitHash(hotkey: AccountId, index: number, { uids, values, salt, versionKey }: Reveal): Hex32 {
  const bytes = encode(committed, [hotkey, index, [...uids], [...values], [...salt], versionKey])
  return `0x${Buffer.from(blake2b(bytes, { dkLen: 32 })).toString('hex')}`
}
