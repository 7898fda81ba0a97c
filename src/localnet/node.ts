import { FacultyError } from '../base/errors.ts'
import { BlockClock } from './blockClock.ts'
import { type BegunBlock, BlockMaker } from './blockMaker.ts'
import type { Block, BlockStore } from './blocks.ts'
import { callRuntime } from './callRuntime.ts'
import { ChainData, type ChainStart } from './chainData.ts'
import { ChainNews } from './chainNews.ts'
import { ChainTime } from './chainTime.ts'
import { editContext } from './editContext.ts'
import type { EmissionLedger } from './emissionLedger.ts'
import { hashHex } from './extrinsic.ts'
import { type Filled, fillBlock } from './fillBlock.ts'
import { firstStart } from './firstStart.ts'
import { sealLog } from './headerLogs.ts'
import type { Changes, History } from './history.ts'
import { type BlockInterval, formatInterval } from './interval.ts'
import type { JournalEntry } from './journal.ts'
import { mineBlocks } from './mineBlocks.ts'
import type { BlockEvent, NodeIdentity, NodeOptions } from './nodeOptions.ts'
import type { BlockContext, DispatchErrorValue } from './pallet.ts'
import { outcomeOf } from './pallets/attempt.ts'
import { nonceOf } from './pallets/system.ts'
import { Pool } from './pool.ts'
import type { MetadataVersion, Runtime } from './runtime.ts'
import type { AccountId, Hex32 } from './scale/chainTypes.ts'
import { Snapshots } from './snapshots.ts'
import { State } from './state.ts'
import { decodeCandidate, type SignedExtrinsic, type ValidityRules, type View, validate } from './validity.ts'
import { type ApplyResult, ValidityFailure } from './validityError.ts'
import { type ExtrinsicStatus, Watchers } from './watchers.ts'

/** The chain in one process: state, blocks, pool and the making of blocks. */
export class LocalNode {
  readonly pool: Pool
  readonly #options: NodeOptions
  readonly #clock: BlockClock
  readonly #time: ChainTime
  readonly #maker: BlockMaker
  readonly #watchers = new Watchers()
  readonly #news = new ChainNews()
  readonly #snapshots = new Snapshots()
  readonly #metadata = new Map<number, string>()
  readonly #impersonated = new Set<AccountId>()
  /** Errors that the next extrinsics fail with. */
  #failures: DispatchErrorValue[] = []
  #chain: ChainData
  #rules: ValidityRules
  #headView: View
  #stops = 0

  constructor(options: NodeOptions) {
    this.#options = options
    const { note, keepBlocks, disk, nowMs } = options
    this.#maker = new BlockMaker(options)
    this.#time = new ChainTime(nowMs)
    this.#chain = new ChainData(options.start ?? firstStart(options), { keepBlocks, disk })
    this.#rules = this.#rulesOf(this.#chain)
    this.#time.goOnFrom(this.#chain.timestampMs)
    this.pool = new Pool({
      nowMs,
      nonceOf: (account) => nonceOf(this.headState, account),
      onStatus: (hash, status) => this.#watchers.tell(hash, status),
    })
    this.#clock = new BlockClock({
      nowMs,
      note,
      produce: (timestampMs) => this.#produce(timestampMs + this.#time.aheadMs),
      hasWork: () => this.pool.readyCount > 0,
    })
    this.#headView = this.#viewOf(this.head.header.number)
  }

  /** State of the head and of the kept blocks before it. */
  get history(): History {
    return this.#chain.history
  }

  get blocks(): BlockStore {
    return this.#chain.blocks
  }

  /** Where the emission of the kept blocks went. */
  get emission(): EmissionLedger {
    return this.#chain.emission
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
    const { isImpersonated } = this.#rules
    return callRuntime({ runtime: this.runtime, state: this.stateAt(block), isImpersonated }, name, input)
  }

  /** Takes an extrinsic into the pool. @returns its hash. @throws ValidityFailure, PoolError, ScaleError */
  submit(bytes: Uint8Array): Hex32 {
    const hash = hashHex(bytes)
    this.pool.refuseKnown(hash)
    this.pool.submit(validate(this.#rules, this.#headView, decodeCandidate(this.runtime, bytes)))
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
      const { extrinsic } = validate(this.#rules, this.#viewOf(block), decodeCandidate(this.runtime, bytes))
      const error = this.#begin({ parent: block, dueMs: this.nowMs() }).builder.apply(extrinsic)
      return { type: 'Ok', 0: outcomeOf(error) }
    } catch (error) {
      if (error instanceof ValidityFailure) return { type: 'Err', 0: error.failure.error }
      throw error
    }
  }

  /** Calls back after each new block. @returns a function that ends it */
  onBlock(listener: (event: BlockEvent) => void): () => void {
    return this.#news.blocks.add(listener)
  }

  /** Calls back when the chain goes back to a snapshot or is replaced. @returns a function that ends it */
  onBreak(listener: () => void): () => void {
    return this.#news.breaks.add(listener)
  }

  /** Calls back with everything that moves the chain on. @returns a function that ends it */
  onJournal(listener: (entry: JournalEntry) => void): () => void {
    return this.#news.journal.add(listener)
  }

  /**
   * Makes blocks at once, whatever the interval is.
   *
   * @param until ends it early, asked after each block
   */
  async mine(count = 1, until?: () => boolean): Promise<{ number: number; hash: Hex32 }> {
    const stops = this.#stops
    const isOver = (): boolean => stops !== this.#stops || until?.() === true
    await mineBlocks(count, () => this.#produce(this.nowMs()), isOver)
    return { number: this.head.header.number, hash: this.head.hash }
  }

  /** Time of the newest block, in milliseconds since 1970; 0 for block 0. */
  get timestampMs(): number {
    return this.#chain.timestampMs
  }

  /** Time that the next block will have at the earliest, in milliseconds since 1970. */
  get nextTimestampMs(): number {
    return Math.max(this.nowMs(), this.#chain.timestampMs + this.#options.slotMs)
  }

  /** The chain's clock: the wall clock and what it was set ahead. */
  nowMs(): number {
    return this.#time.nowMs()
  }

  /** Sets the chain's clock ahead, or back by a negative number; a block is later than its parent all the same. */
  jumpTime(ms: number): void {
    this.#time.aheadMs += ms
  }

  /** Remembers the chain as it is now. Constant time. @returns the snapshot's number */
  snapshot(): number {
    const number = this.#snapshots.add({ mark: this.#chain.mark(), aheadMs: this.#time.aheadMs })
    this.#headView = this.#viewOf(this.head.header.number)
    return number
  }

  /**
   * Goes back to a snapshot, in constant time. Later snapshots are gone, this one can be gone back to again; the pool is
   * emptied.
   *
   * @returns whether there is such a snapshot
   */
  revert(id: number): boolean {
    const snapshot = this.#snapshots.goBackTo(id)
    if (snapshot === undefined) return false
    const left = this.#chain.rewind(snapshot.mark)
    this.#time.aheadMs = snapshot.aheadMs
    this.#news.changedBetween(left.touchedSince(snapshot.mark.history))
    this.#afterBreak()
    return true
  }

  /** Numbers of the snapshots that can be gone back to. */
  get snapshots(): number[] {
    return this.#snapshots.numbers
  }

  /** Becomes another chain, its block 0 included. Snapshots are gone; the pool is emptied. */
  replaceChain(start: ChainStart): void {
    const { keepBlocks, disk } = this.#options
    disk?.replace(start)
    this.#chain = new ChainData(start, { keepBlocks, disk })
    this.#rules = this.#rulesOf(this.#chain)
    this.#snapshots.clear()
    this.#time.goOnFrom(this.#chain.timestampMs)
    this.#afterBreak()
  }

  /** The chain as it is now, to go on from elsewhere. State values are not copied. */
  chainStart(): ChainStart {
    const { history } = this
    const state = new Map(Array.from(history.keys('0x'), (key) => [key, history.get(key)!]))
    return { genesis: this.blocks.block(0)!, head: this.head, timestampMs: this.#chain.timestampMs, state }
  }

  /** Changes the head's state without a block. */
  amend(changes: Changes): void {
    this.#news.changedBetween(this.#chain.amend(changes))
    this.#headView = this.#viewOf(this.head.header.number)
    this.#news.journal.tell({ kind: 'edit', changes })
  }

  /**
   * Runs code on the head's state as if it stood in the head's block, and keeps what it writes; events are not kept.
   *
   * @throws what `work` throws; the state is then as it was
   */
  edit<T>(work: (context: BlockContext) => T): T {
    const state = this.stateAt(this.head.header.number)
    const result = work(editContext(this.runtime, state, this.head, this.#options.authorities[0]!))
    this.amend(state.changes)
    return result
  }

  /** From now on any signature of this account is good, until it is told otherwise. */
  impersonate(account: AccountId, isOn = true): void {
    if (isOn) this.#impersonated.add(account)
    else this.#impersonated.delete(account)
  }

  /** Makes the call of the next extrinsic in a block fail with this error, whatever it is; its fee is paid. */
  failNext(error: DispatchErrorValue): void {
    this.#failures.push(error)
    this.#news.journal.tell({ kind: 'fail', errors: [error] })
  }

  /**
   * Makes a block of given extrinsics at a given time, as a recording tells of it. The pool is not asked and signatures
   * are not checked.
   *
   * @throws ValidityFailure, ScaleError where an extrinsic cannot be in it; there is no block then
   */
  produceGiven(timestampMs: number, extrinsics: readonly Uint8Array[]): Block {
    const begun = this.#beginNext(timestampMs)
    const included = extrinsics.map((bytes) => {
      const extrinsic = decodeCandidate(this.runtime, bytes)
      if (extrinsic.signed === undefined) begun.builder.addInherent(extrinsic.call)
      else begun.builder.apply(extrinsic as SignedExtrinsic)
      return extrinsic.hash
    })
    // What was in shielded ones follows in the recording by itself.
    this.#close(begun, { included, rejected: [], shielded: [] })
    return this.head
  }

  setInterval(interval: BlockInterval): void {
    this.#clock.start(interval)
  }

  /** Ends the making of blocks, that of a long `mine` too. */
  stop(): void {
    this.#stops++
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
      nextTimestampMs: this.nextTimestampMs,
      snapshots: this.snapshots,
      ready: this.pool.readyCount,
      future: this.pool.futureCount,
    }
  }

  #viewOf(block: number): View {
    return { state: this.stateAt(block), build: this.runtime.build, block: block + 1 }
  }

  #begin(next: Parameters<BlockMaker['begin']>[2]): BegunBlock {
    return this.#maker.begin(this.#chain, this.#rules, next)
  }

  #beginNext(dueMs: number): BegunBlock {
    return this.#begin({ parent: this.head.header.number, dueMs, failures: this.#failures })
  }

  #produce(dueMs: number): void {
    const begun = this.#beginNext(dueMs)
    const filled = fillBlock(this.pool, begun.builder, this.#options.note)
    this.#maker.addOwnCalls(begun, this.headState)
    this.#close(begun, filled)
  }

  #close({ builder, plan }: BegunBlock, { included, rejected, shielded }: Filled): void {
    const { number, parentHash, timestampMs, digest } = plan
    const built = builder.finish()
    const logs = [...digest.logs, sealLog]
    const { block, changedKeys } = this.#chain.append({ number, parentHash, timestampMs, logs, ...built })
    this.#headView = this.#viewOf(number)
    this.pool.reject(rejected)
    this.pool.advance(number, included)
    this.#news.tellBlock(block, changedKeys)
    const stateRoot = block.header.state_root
    // A replay adds by itself what every block begins with.
    const told = block.extrinsics.slice(this.#maker.openingCount)
    this.#news.journal.tell({ kind: 'block', number, timestampMs, extrinsics: told, stateRoot })
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

  #afterBreak(): void {
    this.#headView = this.#viewOf(this.head.header.number)
    this.#failures = []
    this.pool.clear()
    this.#news.tellBreak()
  }

  #rulesOf(chain: ChainData): ValidityRules {
    return {
      runtime: this.#options.runtime,
      poolChecks: this.#options.poolChecks,
      genesisHash: chain.blocks.hashAt(0)!,
      blockHash: (number) => chain.blocks.hashAt(number),
      isImpersonated: (account) => this.#impersonated.has(account),
    }
  }
}
