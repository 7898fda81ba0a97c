import type { Changes } from './history.ts'
import type { DispatchErrorValue } from './pallet.ts'
import type { Hex32 } from './scale/chainTypes.ts'

/** Everything that moves a chain on, in order: enough to go the same way again from the same state. */
export type JournalEntry =
  | {
      readonly kind: 'block'
      readonly number: number
      readonly timestampMs: number
      /** Those that somebody sent, not the inherent. */
      readonly extrinsics: readonly Uint8Array[]
      readonly stateRoot: Hex32
    }
  | { readonly kind: 'edit'; readonly changes: Changes }
  /** The next extrinsics in a block were made to fail so. */
  | { readonly kind: 'fail'; readonly errors: readonly DispatchErrorValue[] }
  /** The chain went back to a snapshot or was replaced: what follows does not go on from what was before. */
  | { readonly kind: 'break' }
