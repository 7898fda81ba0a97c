import { messageOf } from '../base/errors.ts'
import type { BlockBuilder } from './blockBuilder.ts'
import type { Pool } from './pool.ts'
import type { Hex32 } from './scale/chainTypes.ts'
import { ciphertextOf } from './shield/checkShielded.ts'
import { ValidityFailure } from './validityError.ts'

/** What became of the extrinsics that were tried for a block. */
export interface Filled {
  readonly included: readonly Hex32[]
  readonly rejected: readonly Hex32[]
  /** What shielded extrinsics among them hold. */
  readonly shielded: readonly Uint8Array[]
}

/** Extrinsics that do not fit any more, after which a block is closed. */
const maxSkipped = 8

/**
 * Puts the pool's ready extrinsics into a block, best first, for as long as there is room.
 *
 * @param note hears of failures that are ours
 */
export function fillBlock(pool: Pool, builder: BlockBuilder, note: (line: string) => void): Filled {
  const included: Hex32[] = []
  const shielded: Uint8Array[] = []
  const rejected: Hex32[] = []
  const selection = pool.select()
  let skipped = 0
  for (let pooled = selection.next(); pooled !== undefined && skipped < maxSkipped; pooled = selection.next()) {
    const { extrinsic } = pooled
    try {
      builder.apply(extrinsic)
      included.push(extrinsic.hash)
      selection.taken(pooled)
      const ciphertext = ciphertextOf(extrinsic.call)
      if (ciphertext !== undefined) shielded.push(ciphertext)
    } catch (error) {
      if (isFull(error)) {
        skipped++
        continue
      }
      rejected.push(extrinsic.hash)
      // A failure that no rule foresees is a mistake of ours, and must not take the chain down.
      if (!(error instanceof ValidityFailure)) note(`extrinsic ${extrinsic.hash}: ${stackOf(error)}`)
    }
  }
  return { included, rejected, shielded }
}

function isFull(error: unknown): boolean {
  if (!(error instanceof ValidityFailure)) return false
  const reason = error.failure.error
  return reason.type === 'Invalid' && reason[0].type === 'ExhaustsResources'
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}
