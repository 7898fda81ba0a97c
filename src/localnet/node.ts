import { FacultyError, messageOf } from '../base/errors.ts'
import { BlockBuilder, type BlockPlan } from './blockBuilder.ts'
import { BlockClock } from './blockClock.ts'
import { type Block, BlockStore, extrinsicsRoot, type Header, hashHeader } from './blocks.ts'
import { callRuntime } from './callRuntime.ts'
import { EmissionLedger } from './emissionLedger.ts'
import { bareExtrinsic, blake2b256, CallError, decodeExtrinsic, type Extrinsic, hashHex } from './extrinsic.ts'
import { History } from './history.ts'
import { type BlockInterval, formatInterval } from './interval.ts'
import type { Call } from './pallet.ts'
import { nonceOf } from './pallets/system.ts'
import { Pool } from './pool.ts'
import type { MetadataVersion, Runtime } from './runtime.ts'
import type { AccountId, Hex32 } from './scale/chainTypes.ts'
import { encode, u64 } from './scale/types.ts'
import { ciphertextOf } from './shield/checkShielded.ts'
import type { Shield } from './shield/shield.ts'
import { State } from './state.ts'
import { type PoolChecks, type SignedExtrinsic, type ValidityRules, type View, validate } from './validity.ts'
import { type ApplyResult, invalid, ValidityFailure } from './validityError.ts'
import { type ExtrinsicStatus, Watchers } from './watchers.ts'

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

const zeroHash: Hex32 = `0x${'00'.repeat(32)}`
/** Substrate keeps the runtime's code here. We keep the metadata's hash, so that each layout has its own genesis hash. */
const codeKey = `0x${Buffer.from(':code').toString('hex')}`
/** Extrinsics that do not fit any more, after which a block is closed. */
const maxSkipped = 8
/** Longest stretch of mining without a look at the sockets. */
const sliceMs = 20

/** The chain in one process: state, blocks, pool and the making of blocks. */
export class LocalNode {
  readonly history: History
  readonly blocks: BlockStore
  readonly pool: Pool
  /** Where the emission of the kept blocks went. */
  readonly emission: EmissionLedger
  readonly #options: NodeOptions
  readonly #rules: ValidityRules
  readonly #clock: BlockClock
  readonly #watchers = new Watchers()
  readonly #listeners = new Set<(event: BlockEvent) => void>()
  readonly #metadata = new Map<number, string>()
  #headView: View
  /** What every block begins with, beside the time. */
  readonly #inherents: readonly Extrinsic[]
  #lastTimestampMs = 0

  constructor(options: NodeOptions) {
    this.#options = options
    const { runtime, note, nowMs, keepBlocks, shield } = options
    this.#inherents = shield === undefined ? [] : [bareExtrinsic(runtime, announcementOf(shield))]
    const state = new State({ get: () => undefined, keys: () => [] }, runtime.build, runtime.face)
    state.setRaw(codeKey, blake2b256(runtime.metadata(15)))
    options.genesis(state)
    this.history = new History(state.changes, { keepBlocks })
    const genesis = makeBlock({
      number: 0,
      parentHash: zeroHash,
      stateRoot: this.history.root,
      logs: [],
      extrinsics: [],
    })
    this.blocks = new BlockStore(genesis, { keepBlocks })
    this.emission = new EmissionLedger({ keepBlocks, head: 0 })
    this.#rules = {
      runtime,
      poolChecks: options.poolChecks,
      genesisHash: genesis.hash,
      blockHash: (number) => this.blocks.hashAt(number),
    }
    this.pool = new Pool({
      nowMs,
      nonceOf: (account) => nonceOf(this.headState, account),
      onStatus: (hash, status) => this.#watchers.tell(hash, status),
    })
    this.#clock = new BlockClock({
      nowMs,
      note,
      produce: (timestampMs) => this.#produce(timestampMs),
      hasWork: () => this.pool.readyCount > 0,
    })
    this.#headView = this.#viewOf(0)
  }

  get runtime(): Runtime {
    return this.#options.runtime
  }

  get identity(): NodeIdentity {
    return this.#options.identity
  }

  get head(): Block {
    return this.blocks.head
  }

  get genesisHash(): Hex32 {
    return this.#rules.genesisHash
  }

  /** The state of the best block, to read from. */
  get headState(): State {
    return this.#headView.state
  }

  /** The state after a block, to read from. @throws RangeError where it is not kept */
  stateAt(block: number): State {
    return new State(this.history.at(block), this.runtime.build, this.runtime.face)
  }

  /** @returns `0x…`, the same text at each call */
  metadataHex(version: MetadataVersion): string {
    const known = this.#metadata.get(version)
    if (known !== undefined) return known
    const hex = `0x${Buffer.from(this.runtime.metadata(version)).toString('hex')}`
    this.#metadata.set(version, hex)
    return hex
  }

  /** SCALE answer of a runtime API method on the state after a block. @throws NoSuchRuntimeMethod, ScaleError */
  callRuntime(name: string, input: Uint8Array, block: number): Uint8Array {
    return callRuntime(this.runtime, this.stateAt(block), name, input)
  }

  /** Takes an extrinsic into the pool. @returns its hash. @throws ValidityFailure, PoolError, ScaleError */
  submit(bytes: Uint8Array): Hex32 {
    const hash = hashHex(bytes)
    this.pool.refuseKnown(hash)
    const extrinsic = this.#decode(bytes)
    this.pool.submit(validate(this.#rules, this.#headView, extrinsic))
    this.#clock.wake()
    return hash
  }

  /** As `submit`, and tells how the extrinsic fares until it is final or lost. @returns a function that ends that */
  submitAndWatch(bytes: Uint8Array, send: (status: ExtrinsicStatus) => void, end: () => void): () => void {
    const stop = this.#watchers.add(hashHex(bytes), { send, end })
    try {
      this.submit(bytes)
    } catch (error) {
      stop()
      throw error
    }
    return stop
  }

  /** What would become of an extrinsic in the block after the given one. Changes nothing. @throws ScaleError */
  dryRun(bytes: Uint8Array, block: number): ApplyResult {
    try {
      const extrinsic = this.#decode(bytes)
      validate(this.#rules, this.#viewOf(block), extrinsic)
      const error = this.#begin(block, this.#options.nowMs()).builder.apply(extrinsic as SignedExtrinsic)
      return { type: 'Ok', 0: error === undefined ? { type: 'Ok', 0: undefined } : { type: 'Err', 0: error } }
    } catch (error) {
      if (error instanceof ValidityFailure) return { type: 'Err', 0: error.failure.error }
      throw error
    }
  }

  /** Calls back after each new block. @returns a function that ends it */
  onBlock(listener: (event: BlockEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Makes blocks at once, whatever the interval is. */
  async mine(count = 1): Promise<{ number: number; hash: Hex32 }> {
    let pauseMs = performance.now() + sliceMs
    for (let i = 0; i < count; i++) {
      this.#produce(this.#options.nowMs())
      if (performance.now() < pauseMs) continue
      await new Promise((resolve) => setImmediate(resolve))
      pauseMs = performance.now() + sliceMs
    }
    return { number: this.head.header.number, hash: this.head.hash }
  }

  setInterval(interval: BlockInterval): void {
    this.#clock.start(interval)
  }

  /** Ends the making of blocks. */
  stop(): void {
    this.#clock.stop()
  }

  info(): Readonly<Record<string, unknown>> {
    const { face, build, version } = this.runtime
    return {
      name: this.identity.name,
      version: this.identity.version,
      specVersion: version.specVersion,
      composites: face.composites,
      build,
      interval: formatInterval(this.#clock.interval),
      genesisHash: this.genesisHash,
      number: this.head.header.number,
      hash: this.head.hash,
      oldestState: this.history.oldest,
      ready: this.pool.readyCount,
      future: this.pool.futureCount,
    }
  }

  #decode(bytes: Uint8Array): Extrinsic {
    try {
      return decodeExtrinsic(this.runtime, bytes)
    } catch (error) {
      throw error instanceof CallError ? invalid('Call', error.message) : error
    }
  }

  #viewOf(block: number): View {
    return { state: this.stateAt(block), build: this.runtime.build, block: block + 1 }
  }

  /** @param dueMs wall-clock time; a block is at least one slot after its parent all the same */
  #begin(parent: number, dueMs: number): { builder: BlockBuilder; plan: BlockPlan } {
    const { slotMs, authorities } = this.#options
    const timestampMs = Math.max(dueMs, this.#lastTimestampMs + slotMs)
    const slot = BigInt(Math.floor(timestampMs / slotMs))
    const plan: BlockPlan = {
      number: parent + 1,
      parentHash: this.blocks.hashAt(parent)!,
      parentState: this.history.at(parent),
      timestampMs,
      author: authorities[Number(slot % BigInt(authorities.length))]!,
      digest: { logs: [preRuntimeLog(slot)] },
      inherents: this.#inherents,
    }
    return { plan, builder: new BlockBuilder(this.#rules, plan) }
  }

  #produce(dueMs: number): void {
    const { builder, plan } = this.#begin(this.head.header.number, dueMs)
    const { included, rejected, shielded } = this.#fill(builder)
    this.#addInherents(builder, plan)
    const { changes, extrinsics, emission } = builder.finish()
    const changedKeys = this.history.commit(changes)
    const { number, parentHash, timestampMs, digest } = plan
    const logs = [...digest.logs, sealLog]
    const block = makeBlock({ number, parentHash, stateRoot: this.history.root, logs, extrinsics })
    this.blocks.append(block)
    this.emission.append(emission)
    this.#lastTimestampMs = timestampMs
    this.#headView = this.#viewOf(number)
    this.pool.reject(rejected)
    this.pool.advance(number, included)
    for (const listener of [...this.#listeners]) listener({ block, changedKeys })
    for (const hash of included) {
      this.#watchers.tell(hash, { inBlock: block.hash })
      this.#watchers.tell(hash, { finalized: block.hash })
    }
    for (const ciphertext of shielded) this.#unshield(ciphertext)
  }

  /** What is in a shielded extrinsic takes its place in the pool, and so in the next block. */
  #unshield(ciphertext: Uint8Array): void {
    const bytes = this.#options.shield?.open(ciphertext)
    if (bytes === undefined) return
    try {
      this.submit(bytes)
    } catch (error) {
      if (!(error instanceof FacultyError)) throw error
      this.#options.note(`shielded extrinsic ${hashHex(bytes)} was not taken: ${error.message}`)
    }
  }

  #addInherents(builder: BlockBuilder, { number, timestampMs, author }: BlockPlan): void {
    const next = { state: this.headState, number, timestampMs, author }
    for (const call of this.#options.inherents?.(next) ?? []) {
      const error = builder.addInherent(call)
      if (error !== undefined) this.#options.note(`block ${number}: ${call.pallet}.${call.name} failed: ${error.type}`)
    }
  }

  /** Ready extrinsics, best first, for as long as there is room. */
  #fill(builder: BlockBuilder): { included: Hex32[]; rejected: Hex32[]; shielded: Uint8Array[] } {
    const included: Hex32[] = []
    const shielded: Uint8Array[] = []
    const rejected: Hex32[] = []
    const selection = this.pool.select()
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
        if (!(error instanceof ValidityFailure)) this.#options.note(`extrinsic ${extrinsic.hash}: ${stackOf(error)}`)
      }
    }
    return { included, rejected, shielded }
  }
}

function announcementOf({ publicKey }: Shield): Call {
  return { pallet: 'MevShield', name: 'announce_next_key', args: { enc_key: publicKey } }
}

function isFull(error: unknown): boolean {
  if (!(error instanceof ValidityFailure)) return false
  const reason = error.failure.error
  return reason.type === 'Invalid' && reason[0].type === 'ExhaustsResources'
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}

type Logs = Header['digest']['logs']

const aura = Buffer.from('aura')

function preRuntimeLog(slot: bigint): Logs[number] {
  return { type: 'PreRuntime', 0: aura, 1: encode(u64, slot) }
}

/** Where others sign. Nobody checks it: the only blocks there are come from this process. */
const sealLog: Logs[number] = { type: 'Seal', 0: aura, 1: new Uint8Array(64) }

function makeBlock(parts: {
  number: number
  parentHash: Hex32
  stateRoot: Hex32
  logs: Logs
  extrinsics: readonly Uint8Array[]
}): Block {
  const { number, parentHash, stateRoot, logs, extrinsics } = parts
  const header: Header = {
    parent_hash: parentHash,
    number,
    state_root: stateRoot,
    extrinsics_root: extrinsicsRoot(extrinsics),
    digest: { logs },
  }
  return { hash: hashHeader(header), header, extrinsics }
}
