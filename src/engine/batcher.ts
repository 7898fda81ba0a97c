import type { Batching } from './batchProbe.ts'
import type { Decoder, DecoderSequence } from './decoder.ts'
import type { DecoderLayout } from './decoderLayout.ts'
import { type Graph, type OwnCache, ownCache, rowStep, stretch } from './decoderSteps.ts'
import type { EngineStats } from './engine.ts'
import { EngineError } from './engineError.ts'
import { blockPlaces, RowCache } from './rowCache.ts'
import { WaitingLine } from './waitingLine.ts'

export interface BatcherOptions {
  readonly graph: Graph
  readonly layout: DecoderLayout
  /** Undefined: sequences are computed one by one. */
  readonly batching: Batching | undefined
  /** Of the model, for messages. */
  readonly name: string
  readonly contextTokens: number
  readonly endIds: ReadonlySet<number>
  readonly limits?: Partial<BatcherLimits> | undefined
}

export interface BatcherLimits {
  /** Most sequences in the running batch. */
  readonly maxRows: number
  /** Most sequences in the queue before it. */
  readonly maxWaiting: number
  /** Most tokens that the caches of the running batch may come to hold, padding included. One sequence always runs. */
  readonly maxCacheTokens: number
}

const defaultLimits: BatcherLimits = { maxRows: 32, maxWaiting: 256, maxCacheTokens: Number.POSITIVE_INFINITY }

/**
 * Longest stretch of a prompt in one run: bounds how long a prompt holds up the others. Stretches begin at multiples of
 * it, so it is a part of what decides a model's last bits.
 */
const stretchTokens = 128
/** Most such stretches between two tokens of the batch. One where the batch is fuller than the line of prompts is long. */
const mostStretches = 4

interface Running {
  readonly sequence: DecoderSequence
  readonly startMs: number
  /** Tokens that have not been computed yet. */
  pending: readonly number[]
  /** Computed ones. */
  length: number
  /** While it is computed by itself; else it has a row. */
  own: OwnCache | undefined
  started: boolean
  /** Nothing more is told to it. */
  left: boolean
}

/** A decoder for many sequences. */
export interface Batcher extends Decoder {
  stats(): EngineStats
  /** Sequences fail with `closed` from then on. Frees the graph. */
  close(): Promise<void>
}

/**
 * Continuous batching: sequences join and leave the running batch at token boundaries. In each round a stretch of the
 * prompts that are under way is computed, each by itself and in turn, and then one token of all rows of the batch
 * together. A sequence is computed in the same way in whatever company: several tokens at once (a prompt, a calculator's
 * result) always by itself without padding, single ones always in a row padded to whole blocks; so where the probe found
 * rows independent, its logits are the same bits alone and in a full batch.
 */
export function startBatcher(options: BatcherOptions): Batcher {
  return new ContinuousBatcher(options)
}

class ContinuousBatcher implements Batcher {
  readonly contextTokens: number
  readonly endIds: ReadonlySet<number>
  readonly #options: BatcherOptions
  readonly #limits: BatcherLimits
  readonly #line: WaitingLine<Running>
  readonly #cache: RowCache
  /** Longer sequences leave their row: a graph may hold tables that end with the context. */
  readonly #rowTokens: number
  /** Computed by themselves, in the order of their turn. */
  readonly #apart = new Set<Running>()
  /** The batch, by row. */
  readonly #rows: Running[] = []
  #loop: Promise<void> | undefined
  #closed = false
  #batchSize = 0
  readonly #totals = { requestsTotal: 0, refusedTotal: 0, promptTokensTotal: 0, tokensTotal: 0 }
  readonly #first = { firstTokensTotal: 0, firstTokenMsTotal: 0 }

  constructor(options: BatcherOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#line = new WaitingLine(this.#limits.maxWaiting)
    this.#cache = new RowCache(options.layout.cache)
    this.contextTokens = options.contextTokens
    this.endIds = options.endIds
    const blocks = Math.floor((options.contextTokens - 1) / blockPlaces)
    this.#rowTokens = options.batching === undefined ? 0 : blocks * blockPlaces
  }

  get #running(): number {
    return this.#apart.size + this.#rows.length
  }

  start(sequence: DecoderSequence, priority: number): () => void {
    if (this.#closed) throw this.#closedError()
    this.#totals.requestsTotal++
    const one: Running = {
      sequence,
      startMs: performance.now(),
      pending: sequence.promptIds,
      length: 0,
      own: ownCache(this.#options.layout),
      started: false,
      left: false,
    }
    if (!this.#line.enter(one, priority)) {
      this.#totals.refusedTotal++
      const waiting = this.#line.length
      throw new EngineError(`${waiting} requests wait already`, { code: 'busy', waiting }, { mend: 'try again later' })
    }
    this.#loop ??= this.#run()
    return () => {
      one.left = true
      this.#line.leave(one)
    }
  }

  stats(): EngineStats {
    const batchSize = this.#loop === undefined ? 0 : this.#batchSize
    return { running: this.#running, waiting: this.#line.length, batchSize, ...this.#totals, ...this.#first }
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true
      const all = [...this.#apart, ...this.#rows]
      for (let one = this.#line.take(); one !== undefined; one = this.#line.take()) all.push(one)
      for (const one of all) this.#fail(one, this.#closedError())
    }
    await this.#loop
    await this.#options.graph.close()
  }

  /** Rounds until nobody is left. */
  async #run(): Promise<void> {
    // Those that start in the same turn of the event loop are in the first round together.
    await Promise.resolve()
    for (;;) {
      this.#removeLeft()
      this.#admit()
      if (this.#running === 0) break
      await this.#stretches()
      await this.#step()
    }
    // A full batch of long answers holds gigabytes.
    this.#cache.clear()
    this.#loop = undefined
  }

  #admit(): void {
    const { maxRows, maxCacheTokens } = this.#limits
    // All rows are as long as the longest one.
    const fits = ({ sequence }: Running): boolean => {
      const longest = [...this.#apart, ...this.#rows].reduce(
        (most, one) => Math.max(most, one.sequence.maxTokens),
        sequence.maxTokens,
      )
      return this.#running === 0 || (this.#running + 1) * longest <= maxCacheTokens
    }
    while (this.#running < maxRows) {
      const one = this.#line.take(fits)
      if (one === undefined) return
      this.#totals.promptTokensTotal += one.pending.length
      this.#apart.add(one)
    }
  }

  #removeLeft(): void {
    for (const one of this.#apart) if (one.left) this.#apart.delete(one)
    for (let row = this.#rows.length - 1; row >= 0; row--) if (this.#rows[row]!.left) this.#removeRow(row)
  }

  /** A stretch of each sequence that is computed by itself, as far as the round's share goes. */
  async #stretches(): Promise<void> {
    const { graph, layout } = this.#options
    const fill = Math.floor(this.#apart.size / Math.max(1, this.#rows.length))
    let share = stretchTokens * Math.min(mostStretches, Math.max(1, fill))
    for (const one of [...this.#apart]) {
      if (share <= 0) return
      // To the end of the order, so that a long prompt does not keep the short ones waiting.
      this.#apart.delete(one)
      if (one.left || one.own === undefined) continue
      this.#apart.add(one)
      const ids = one.pending.slice(0, stretchTokens)
      share -= ids.length
      try {
        const { own, logits } = await stretch(graph, layout, one.own, ids)
        one.own = own
        one.length += ids.length
        one.pending = one.pending.slice(ids.length)
        if (one.pending.length === 0) this.#tell(one, logits)
        if (!one.left && one.pending.length === 1 && one.length < this.#rowTokens) this.#join(one, own)
      } catch (error) {
        this.#fail(one, error)
      }
      if (one.left) this.#apart.delete(one)
    }
  }

  /** One token of every row. */
  async #step(): Promise<void> {
    const { graph, layout, batching } = this.#options
    this.#batchSize = Math.max(this.#rows.length, this.#apart.size === 0 ? 0 : 1)
    if (batching === undefined || this.#rows.length === 0) return
    const rows = this.#rows.map(({ pending, length }) => ({ ids: pending, past: length }))
    while (rows.length < batching.minRows) rows.push({ ids: [0], past: 0 })
    const batch = [...this.#rows]
    let logits: Float32Array[]
    try {
      this.#cache.resize(rows.length, 1 + Math.max(...rows.map(({ past }) => past)))
      logits = await rowStep(graph, layout, { cache: this.#cache, rows, entryPlace: batching.entryPlace })
    } catch (error) {
      for (const one of batch) this.#fail(one, error)
      this.#removeLeft()
      return
    }
    batch.forEach((one, row) => {
      one.length++
      this.#tell(one, logits[row]!)
    })
    for (let row = batch.length - 1; row >= 0; row--) {
      const one = batch[row]!
      if (!one.left && (one.pending.length > 1 || one.length >= this.#rowTokens)) {
        try {
          one.own = this.#cache.take(row, one.length)
          this.#apart.add(one)
        } catch (error) {
          this.#fail(one, error)
        }
      }
      if (one.left || one.own !== undefined) this.#removeRow(row)
    }
  }

  #join(one: Running, own: OwnCache): void {
    const row = this.#rows.length
    const longest = Math.max(one.length, ...this.#rows.map(({ length }) => length))
    this.#cache.resize(row + 1, longest + 1)
    this.#cache.put(row, own)
    one.own = undefined
    this.#rows.push(one)
    this.#apart.delete(one)
  }

  /** The last row takes its place. */
  #removeRow(row: number): void {
    const last = this.#rows.pop()!
    if (row === this.#rows.length) return
    this.#cache.move(this.#rows.length, row)
    this.#rows[row] = last
  }

  #tell(one: Running, logits: Float32Array): void {
    if (one.left) return
    this.#totals.tokensTotal++
    if (!one.started) {
      one.started = true
      this.#first.firstTokensTotal++
      this.#first.firstTokenMsTotal += performance.now() - one.startMs
    }
    try {
      one.pending = one.sequence.next(logits)
      if (one.pending.length === 0) one.left = true
    } catch (error) {
      this.#fail(one, error)
    }
  }

  #fail(one: Running, error: unknown): void {
    if (one.left) return
    one.left = true
    one.sequence.fail(error)
  }

  #closedError(): EngineError {
    const { name } = this.#options
    return new EngineError(`${name} was closed`, { code: 'closed', model: name })
  }
}
