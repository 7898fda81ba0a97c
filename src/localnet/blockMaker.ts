import { BlockBuilder, type BlockPlan } from './blockBuilder.ts'
import type { ChainData } from './chainData.ts'
import { bareExtrinsic, type Extrinsic } from './extrinsic.ts'
import { preRuntimeLog } from './headerLogs.ts'
import type { NodeOptions } from './nodeOptions.ts'
import type { Call, DispatchErrorValue } from './pallet.ts'
import type { Shield } from './shield/shield.ts'
import type { State } from './state.ts'
import type { ValidityRules } from './validity.ts'

/** A block that extrinsics can be put into. */
export interface BegunBlock {
  readonly plan: BlockPlan
  readonly builder: BlockBuilder
}

/** Begins blocks: whose turn it is, at what time, and what the authors themselves put into them. */
export class BlockMaker {
  readonly #options: NodeOptions
  /** What every block begins with, beside the time. */
  readonly #inherents: readonly Extrinsic[]

  constructor(options: NodeOptions) {
    const { runtime, shield } = options
    this.#options = options
    this.#inherents = shield === undefined ? [] : [bareExtrinsic(runtime, announcementOf(shield))]
  }

  /** Extrinsics that stand in every block before all others: the time and what authors announce. */
  get openingCount(): number {
    return 1 + this.#inherents.length
  }

  /**
   * Begins the block after `parent`.
   *
   * @param next.dueMs the chain's time; a block is at least one slot after the chain's newest all the same
   * @param next.failures errors that its extrinsics fail with, see BlockPlan
   */
  begin(
    chain: ChainData,
    rules: ValidityRules,
    next: { readonly parent: number; readonly dueMs: number; readonly failures?: DispatchErrorValue[] },
  ): BegunBlock {
    const { slotMs, authorities } = this.#options
    const { parent, dueMs, failures = [] } = next
    const timestampMs = Math.max(dueMs, chain.timestampMs + slotMs)
    const slot = BigInt(Math.floor(timestampMs / slotMs))
    const plan: BlockPlan = {
      number: parent + 1,
      parentHash: chain.blocks.hashAt(parent)!,
      parentState: chain.history.at(parent),
      timestampMs,
      author: authorities[Number(slot % BigInt(authorities.length))]!,
      digest: { logs: [preRuntimeLog(slot)] },
      inherents: this.#inherents,
      failures,
    }
    return { plan, builder: new BlockBuilder(rules, plan) }
  }

  /** Adds the node's own calls behind all others. @param state of the parent */
  addOwnCalls({ builder, plan }: BegunBlock, state: State): void {
    const { number, timestampMs, author } = plan
    for (const call of this.#options.inherents?.({ state, number, timestampMs, author }) ?? []) {
      const error = builder.addInherent(call)
      if (error !== undefined) this.#options.note(`block ${number}: ${call.pallet}.${call.name} failed: ${error.type}`)
    }
  }
}

function announcementOf({ publicKey }: Shield): Call {
  return { pallet: 'MevShield', name: 'announce_next_key', args: { enc_key: publicKey } }
}
