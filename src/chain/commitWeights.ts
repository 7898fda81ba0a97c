import { blake2b256 } from '../keys/hash.ts'
import type { Signer } from '../keys/signer.ts'
import { decodeAddress } from '../keys/ss58.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import type { Weights } from './setWeights.ts'
import { type Submission, type Submitted, submit } from './submit.ts'

/** All that a reveal needs; keep it safe until the reveal, or the commit is lost. */
export interface WeightsCommit extends Weights {
  readonly hotkey: string
  readonly netuid: number
  /** u16 each; what makes the hash unguessable. */
  readonly salt: readonly number[]
  readonly versionKey: bigint
}

/**
 * Hash of a commit: BLAKE2b-256 over the SCALE tuple (hotkey, netuid, uids, values, salt, version key).
 *
 * @see facts: commit-reveal.md, 3
 */
export function commitHash(commit: WeightsCommit): Uint8Array {
  const { publicKey } = decodeAddress(commit.hotkey)
  const head = new Uint8Array(34)
  head.set(publicKey)
  head.set(u16(commit.netuid), 32)
  const tail = new Uint8Array(8)
  new DataView(tail.buffer).setBigUint64(0, commit.versionKey, true)
  return blake2b256(concat([head, u16List(commit.uids), u16List(commit.values), u16List(commit.salt), tail]))
}

/** Commits to weights without showing them. Signed by the validator's hotkey. */
export async function commitWeights(
  chain: Chain,
  options: { signer: Signer; commit: WeightsCommit } & Submission,
): Promise<Submitted> {
  const { commit, ...submission } = options
  const call = composeCall(chain, 'SubtensorModule', 'commit_weights', [commit.netuid, commitHash(commit)])
  return await submit(chain, call, submission)
}

/** Shows weights that were committed; only valid in the epoch `RevealPeriodEpochs` after the commit's. */
export async function revealWeights(
  chain: Chain,
  options: { signer: Signer; commit: WeightsCommit } & Submission,
): Promise<Submitted> {
  const { commit, ...submission } = options
  const { netuid, uids, values, salt, versionKey } = commit
  const args = [netuid, [...uids], [...values], [...salt], versionKey]
  return await submit(chain, composeCall(chain, 'SubtensorModule', 'reveal_weights', args), submission)
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8)
}

/** SCALE `Vec<u16>`: a compact length, then the numbers in little-endian. */
function u16List(values: readonly number[]): Uint8Array {
  const n = values.length
  const length = n < 0x40 ? Uint8Array.of(n << 2) : u16((n << 2) | 1)
  if (n >= 0x4000) throw new RangeError(`commit: ${n} entries are more than a subnet can hold`)
  return concat([length, ...values.map(u16)])
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
