import { FacultyError } from '../../base/errors.ts'
import type { Block } from '../blocks.ts'
import type { ReadableState } from '../history.ts'
import type { LocalNode } from '../node.ts'
import type { BlockEvent } from '../nodeOptions.ts'
import type { Hex32 } from '../scale/chainTypes.ts'
import { RpcError } from './rpcError.ts'
import { type StorageItem, StorageQuery } from './storageQuery.ts'
import { headerHex, hexOf } from './wire.ts'

/** What one follow subscription may hold. */
export interface FollowLimits {
  /** Blocks that the client has not unpinned; past it the subscription stops. */
  readonly pinned: number
  /** Storage queries that wait for the client to go on. */
  readonly operations: number
}

export const followLimits: FollowLimits = { pinned: 4_096, operations: 16 }

/** Blocks up to the head that a new subscription tells of, so that a client that was cut off can join on. */
const initialBlocks = 16

/**
 * How long after a block a client hears that it is final, and of how many it may wait to hear that. Blocks are final at
 * once, but clients look into a block only when they have heard of it, and let go of blocks before the last final one:
 * on other chains there are always some between.
 */
const finalityNewsMs = 50
const mostUnfinal = 8

export interface FollowOptions {
  readonly node: LocalNode
  /** Whether the client also wants to know the runtime; without that it may not call it. */
  readonly withRuntime: boolean
  readonly send: (event: FollowEvent) => void
  /** Nothing follows. */
  readonly end: () => void
  readonly limits?: FollowLimits
}

export interface FollowEvent {
  readonly event: string
  readonly [field: string]: unknown
}

export type Begun =
  | { readonly result: 'started'; readonly operationId: string; readonly discardedItems?: number }
  | { readonly result: 'limitReached' }

/**
 * One `chainHead_v1_follow` subscription: which blocks its client knows of and has not unpinned yet, and what it asked
 * about them. Answers come as events; all but long storage queries are complete at once.
 *
 * @see paritytech/json-rpc-interface-spec, chainHead_v1_follow
 */
export class Follow {
  readonly #node: LocalNode
  readonly #withRuntime: boolean
  readonly #send: FollowOptions['send']
  readonly #end: FollowOptions['end']
  readonly #limits: FollowLimits
  /** Hashes, oldest first. */
  readonly #pinned = new Set<Hex32>()
  /** Storage queries that wait for `chainHead_v1_continue`. */
  readonly #waiting = new Map<string, { readonly hash: Hex32; readonly query: StorageQuery }>()
  /** Blocks that the client has not yet been told the finality of, oldest first. */
  readonly #unfinal: Hex32[] = []
  #finalityTimer: NodeJS.Timeout | undefined
  #nextOperation = 1

  constructor({ node, withRuntime, send, end, limits = followLimits }: FollowOptions) {
    this.#node = node
    this.#withRuntime = withRuntime
    this.#send = send
    this.#end = end
    this.#limits = limits
  }

  /**
   * Tells of the present head and from then on of each block, until the chain goes back to an earlier one: then nothing
   * that the client knows holds any more. @returns a function that ends that
   */
  start(): () => void {
    const { head, history, blocks } = this.#node
    const { number } = head.header
    for (let n = Math.max(history.oldest, number - initialBlocks + 1); n <= number; n++) {
      this.#pinned.add(blocks.hashAt(n)!)
    }
    const runtime = this.#withRuntime ? { finalizedBlockRuntime: this.#runtime() } : {}
    this.#send({ event: 'initialized', finalizedBlockHashes: [...this.#pinned], ...runtime })
    this.#send({ event: 'bestBlockChanged', bestBlockHash: head.hash })
    const ends = [this.#node.onBlock((event) => this.#advance(event)), this.#node.onBreak(() => this.#stop())]
    return () => {
      clearTimeout(this.#finalityTimer)
      for (const end of ends) end()
    }
  }

  /** @throws RpcError where the block is not pinned */
  header(hash: Hex32): string | null {
    const block = this.#pinnedBlock(hash)
    return block === undefined ? null : headerHex(block.header)
  }

  body(hash: Hex32): Begun {
    const block = this.#pinnedBlock(hash)
    return this.#begin((operationId) => {
      if (block === undefined) this.#send({ event: 'operationInaccessible', operationId })
      else this.#send({ event: 'operationBodyDone', operationId, value: block.extrinsics.map(hexOf) })
    })
  }

  call(hash: Hex32, name: string, input: Uint8Array): Begun {
    if (!this.#withRuntime) throw new RpcError('followsNoRuntime', 'The runtime updates flag must be set')
    const block = this.#pinnedBlock(hash)
    return this.#begin((operationId) => {
      if (block === undefined) this.#send({ event: 'operationInaccessible', operationId })
      else {
        this.#guard(operationId, () => {
          const output = hexOf(this.#node.callRuntime(name, input, block.header.number))
          this.#send({ event: 'operationCallDone', operationId, output })
        })
      }
    })
  }

  storage(hash: Hex32, items: readonly StorageItem[]): Begun {
    this.#requirePinned(hash)
    const begun = this.#begin((operationId) => this.#page(operationId, hash, new StorageQuery(items)))
    return begun.result === 'started' ? { ...begun, discardedItems: 0 } : begun
  }

  /** Goes on with a storage query. @throws RpcError where none of this name waits for that */
  continue(operationId: string): void {
    const waiting = this.#waiting.get(operationId)
    if (waiting === undefined) throw new RpcError('invalidContinue', 'Invalid continue')
    this.#waiting.delete(operationId)
    this.#page(operationId, waiting.hash, waiting.query)
  }

  stopOperation(operationId: string): void {
    this.#waiting.delete(operationId)
  }

  /** @throws RpcError where one is not pinned or stands there twice; then none is unpinned */
  unpin(hashes: readonly Hex32[]): void {
    if (new Set(hashes).size < hashes.length) throw new RpcError('duplicateHashes', 'Received duplicate block hashes')
    for (const hash of hashes) this.#requirePinned(hash)
    for (const hash of hashes) this.#pinned.delete(hash)
  }

  #advance({ block: { hash, header } }: BlockEvent): void {
    this.#pinned.add(hash)
    const [oldest] = this.#pinned
    if (this.#pinned.size > this.#limits.pinned || !this.#isKept(oldest!)) {
      this.#stop()
      return
    }
    const runtime = this.#withRuntime ? { newRuntime: null } : {}
    this.#send({ event: 'newBlock', blockHash: hash, parentBlockHash: header.parent_hash, ...runtime })
    this.#send({ event: 'bestBlockChanged', bestBlockHash: hash })
    this.#unfinal.push(hash)
    if (this.#unfinal.length > mostUnfinal) this.#finalise(1)
    this.#finaliseLater()
  }

  /** Tells the finality of all that wait for it now, in a while. */
  #finaliseLater(): void {
    if (this.#finalityTimer !== undefined) return
    const last = this.#unfinal.at(-1)!
    this.#finalityTimer = setTimeout(() => {
      this.#finalityTimer = undefined
      this.#finalise(this.#unfinal.indexOf(last) + 1)
      if (this.#unfinal.length > 0) this.#finaliseLater()
    }, finalityNewsMs)
  }

  #finalise(count: number): void {
    if (count === 0) return
    this.#send({ event: 'finalized', finalizedBlockHashes: this.#unfinal.splice(0, count), prunedBlockHashes: [] })
  }

  #stop(): void {
    this.#send({ event: 'stop' })
    this.#end()
  }

  #begin(run: (operationId: string) => void): Begun {
    if (this.#waiting.size >= this.#limits.operations) return { result: 'limitReached' }
    const operationId = String(this.#nextOperation++)
    run(operationId)
    return { result: 'started', operationId }
  }

  #page(operationId: string, hash: Hex32, query: StorageQuery): void {
    const state = this.#stateOf(hash)
    if (state === undefined) {
      this.#send({ event: 'operationInaccessible', operationId })
      return
    }
    this.#guard(operationId, () => {
      const items = query.page(state)
      if (items.length > 0) this.#send({ event: 'operationStorageItems', operationId, items })
      if (query.isDone) {
        this.#send({ event: 'operationStorageDone', operationId })
      } else {
        this.#waiting.set(operationId, { hash, query })
        this.#send({ event: 'operationWaitingForContinue', operationId })
      }
    })
  }

  /** A refusal of the runtime or of a query is the operation's end; a mistake of ours is the request's. */
  #guard(operationId: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof FacultyError)) throw error
      this.#send({ event: 'operationError', operationId, error: error.explanation })
    }
  }

  #requirePinned(hash: Hex32): void {
    if (!this.#pinned.has(hash)) throw new RpcError('invalidBlock', 'Invalid block hash', hash)
  }

  #pinnedBlock(hash: Hex32): Block | undefined {
    this.#requirePinned(hash)
    return this.#isKept(hash) ? this.#node.blocks.block(this.#node.blocks.numberOf(hash)!) : undefined
  }

  #stateOf(hash: Hex32): ReadableState | undefined {
    return this.#isKept(hash) ? this.#node.history.at(this.#node.blocks.numberOf(hash)!) : undefined
  }

  #isKept(hash: Hex32): boolean {
    const number = this.#node.blocks.numberOf(hash)
    return number !== undefined && number >= this.#node.history.oldest
  }

  #runtime(): unknown {
    const { specName, implName, specVersion, implVersion, transactionVersion, apis } = this.#node.runtime.version
    const spec = { specName, implName, specVersion, implVersion, transactionVersion, apis: Object.fromEntries(apis) }
    return { type: 'valid', spec }
  }
}
