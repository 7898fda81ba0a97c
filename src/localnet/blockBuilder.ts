import type { EmissionFact } from './emissionFact.ts'
import { bareExtrinsic, type Extrinsic } from './extrinsic.ts'
import { blockLimits, dispatchInfoOf } from './fees.ts'
import type { Changes, ReadableState } from './history.ts'
import {
  type BlockContext,
  type Call,
  type DispatchErrorValue,
  DispatchFailure,
  type EventDefinition,
  type Origin,
} from './pallet.ts'
import { feePayer } from './pallets/proxy/feePayer.ts'
import * as system from './pallets/system.ts'
import * as payment from './pallets/transactionPayment.ts'
import type { EventRecord, Phase } from './runtime.ts'
import type { AccountId, Hex32 } from './scale/chainTypes.ts'
import type { digest } from './scale/frameTypes.ts'
import type { Fields, FieldValues, ValueOf } from './scale/types.ts'
import { State } from './state.ts'
import { checkSigned, type SignedExtrinsic, type ValidityRules } from './validity.ts'
import { invalid } from './validityError.ts'

type Digest = ValueOf<typeof digest>

export interface BlockPlan {
  readonly number: number
  readonly parentHash: Hex32
  readonly parentState: ReadableState
  readonly timestampMs: number
  /** Account that the fees go to. */
  readonly author: AccountId
  /** Logs that stand in the header before the block is executed. */
  readonly digest: Digest
  /** What the author has to say in this block, beside the time. */
  readonly inherents?: readonly Extrinsic[]
  /** Errors that the next extrinsics' calls fail with, instead of running; each is taken off the list when used. */
  readonly failures?: DispatchErrorValue[]
}

/** What is known of a block before its header can be closed with the state root. */
export interface BuiltBlock {
  readonly changes: Changes
  readonly extrinsics: readonly Uint8Array[]
  readonly emission: readonly EmissionFact[]
}

/** Executes one block: hooks, then the inherent, then extrinsics for as long as there is room, then hooks again. */
export class BlockBuilder {
  readonly #rules: ValidityRules
  readonly #state: State
  readonly #context: BlockContext
  readonly #failures: DispatchErrorValue[]
  readonly #extrinsics: Uint8Array[] = []
  readonly #events: EventRecord[] = []
  readonly #emission: EmissionFact[] = []
  #phase: Phase = { type: 'Initialization' }
  #refTime: number = blockLimits.baseRefTime
  #bytes = 0

  constructor(rules: ValidityRules, plan: BlockPlan) {
    const { runtime } = rules
    this.#rules = rules
    this.#failures = plan.failures ?? []
    this.#state = new State(plan.parentState, runtime.build, runtime.face)
    this.#context = {
      state: this.#state,
      build: runtime.build,
      block: plan.number,
      parentHash: plan.parentHash,
      author: plan.author,
      emit: (event, fields) => this.#emit(event, fields),
      dispatch: (call, origin) => this.#dispatch(call, origin),
      record: (fact) => this.#emission.push(fact),
    }
    system.startBlock(this.#state, plan)
    for (const { onInitialize } of runtime.pallets) onInitialize?.(this.#context)
    this.#include(bareExtrinsic(runtime, { pallet: 'Timestamp', name: 'set', args: { now: BigInt(plan.timestampMs) } }))
    for (const inherent of plan.inherents ?? []) this.#include(inherent)
  }

  /**
   * Adds a signed extrinsic whose signature has been checked.
   *
   * @returns the error its call failed with; such an extrinsic is in the block all the same and pays its fee
   * @throws ValidityFailure where it cannot be in this block, which is then as if it had not been tried
   */
  apply(extrinsic: SignedExtrinsic): DispatchErrorValue | undefined {
    const { call, bytes, signed } = extrinsic
    const { signer, nonce, tip } = signed
    const info = checkSigned(this.#rules, this.#context, extrinsic)
    if (nonce > system.nonceOf(this.#state, signer)) throw invalid('Future')
    const refTime = this.#refTime + blockLimits.baseExtrinsicRefTime + info.refTime
    if (refTime > blockLimits.normalRefTime || this.#bytes + bytes.length > blockLimits.normalBytes) {
      throw invalid('ExhaustsResources')
    }
    this.#phase = { type: 'ApplyExtrinsic', 0: this.#extrinsics.length }
    return this.#undoneOnThrow(() => {
      system.increaseNonce(this.#state, signer)
      const payer = feePayer(this.#state, call, signer)
      const charge = payment.withdrawFee(this.#context, payer, call, { info, length: bytes.length, tip })
      const error = this.#failures.shift() ?? this.#outcomeOf(call, { kind: 'signed', account: signer })
      payment.settleFee(this.#context, charge)
      system.noteOutcome(this.#context, info, error)
      this.#extrinsics.push(bytes)
      this.#refTime = refTime
      this.#bytes += bytes.length
      return error
    })
  }

  /** Adds a call of the node's own. @returns the error it failed with, and then it is not in the block */
  addInherent(call: Call): DispatchErrorValue | undefined {
    try {
      this.#include(bareExtrinsic(this.#rules.runtime, call))
      return undefined
    } catch (error) {
      if (error instanceof DispatchFailure) return error.failure.error
      throw error
    }
  }

  finish(): BuiltBlock {
    const { runtime } = this.#rules
    this.#phase = { type: 'Finalization' }
    for (const { onFinalize } of runtime.pallets) onFinalize?.(this.#context)
    system.finishBlock(this.#state, this.#events, runtime)
    return { changes: this.#state.changes, extrinsics: this.#extrinsics, emission: this.#emission }
  }

  /** An inherent: no signer, no fee, and it must not fail. */
  #include({ call, bytes }: Extrinsic): void {
    this.#phase = { type: 'ApplyExtrinsic', 0: this.#extrinsics.length }
    const info = dispatchInfoOf(this.#rules.runtime, call)
    this.#dispatch(call, { kind: 'none' })
    system.noteOutcome(this.#context, info, undefined)
    this.#extrinsics.push(bytes)
    this.#refTime += blockLimits.baseExtrinsicRefTime + info.refTime
    this.#bytes += bytes.length
  }

  #outcomeOf(call: Call, origin: Origin): DispatchErrorValue | undefined {
    try {
      this.#dispatch(call, origin)
      return undefined
    } catch (error) {
      if (error instanceof DispatchFailure) return error.failure.error
      throw error
    }
  }

  #dispatch(call: Call, origin: Origin): void {
    const { definition } = this.#rules.runtime.findCall(call)
    if (origin.kind === 'signed' && origin.allows?.(call) === false) throw system.errors.CallFiltered()
    const extrinsicIndex = this.#phase.type === 'ApplyExtrinsic' ? this.#phase[0] : undefined
    this.#undoneOnThrow(() => definition.run({ ...this.#context, extrinsicIndex, origin }, call.args as never))
  }

  #emit<F extends Fields>({ pallet, name }: EventDefinition<F>, fields: FieldValues<F>): void {
    this.#events.push({ phase: this.#phase, event: { pallet, name, fields: fields as Record<string, unknown> } })
  }

  #undoneOnThrow<T>(work: () => T): T {
    const [events, emission] = [this.#events.length, this.#emission.length]
    try {
      return this.#state.transaction(work)
    } catch (error) {
      this.#events.length = events
      this.#emission.length = emission
      throw error
    }
  }
}
