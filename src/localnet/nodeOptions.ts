import type { Block } from './blocks.ts'
import type { ChainDisk, ChainStart } from './chainData.ts'
import type { Call } from './pallet.ts'
import type { Runtime } from './runtime.ts'
import type { AccountId } from './scale/chainTypes.ts'
import type { Shield } from './shield/shield.ts'
import type { State } from './state.ts'
import type { PoolChecks } from './validity.ts'

export interface NodeOptions {
  readonly runtime: Runtime
  /** Writes block 0 into an empty state. */
  readonly genesis: (state: State) => void
  /** Accounts of the block authors, who take turns by slot. */
  readonly authorities: readonly AccountId[]
  readonly slotMs: number
  readonly poolChecks: PoolChecks
  /** Calls without a signer that the node itself puts into a block, behind all others. */
  readonly inherents?: (next: NextBlock) => readonly Call[]
  readonly identity: NodeIdentity
  /** Where a chain goes on that is not new. Its block 0 is then not `genesis`'s. */
  readonly start?: ChainStart
  /** Keeps blocks and state beyond this process. */
  readonly disk?: ChainDisk
  /** How many blocks behind the head can be read. */
  readonly keepBlocks: number
  readonly nowMs: () => number
  /** By which authors read what is shielded from others. Without one they announce no keys. */
  readonly shield?: Shield | undefined
  /** Hears of failures that are ours. */
  readonly note: (line: string) => void
}

/** The block that is about to be made. */
export interface NextBlock {
  /** State of its parent. */
  readonly state: State
  readonly number: number
  readonly timestampMs: number
  readonly author: AccountId
}

/** What `system_*` says of the node. */
export interface NodeIdentity {
  readonly name: string
  readonly version: string
  readonly chain: string
  readonly properties: { readonly ss58Format: number; readonly tokenDecimals: number; readonly tokenSymbol: string }
}

/** A new best block, which is final at once. */
export interface BlockEvent {
  readonly block: Block
  /** Storage keys whose value is another now. */
  readonly changedKeys: readonly string[]
}
