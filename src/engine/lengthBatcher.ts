import { abortError, EngineError } from './engineError.ts'

export interface LengthBatcherLimits {
  /** Most texts in one run. */
  readonly maxRows: number
  /** Most texts that wait. */
  readonly maxWaiting: number
  /** How long a text waits for company where the model is free. */
  readonly waitMs: number
}

export const defaultLengthLimits: LengthBatcherLimits = { maxRows: 32, maxWaiting: 1_024, waitMs: 2 }

/** Texts are padded to multiples of it, and those of one padded length are computed together. */
const lengthStep = 16

/** Token ids padded to one length. */
export interface PaddedRows {
  readonly rows: readonly (readonly number[])[]
  /** Tokens of each row with its padding. */
  readonly length: number
}

interface Waiting<Result> {
  readonly ids: readonly number[]
  readonly dueMs: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches texts by deadline and length. A run takes texts of one padded length: a full batch as soon as there is one,
 * else those beside the text that has waited longest, once its time has come. A text is padded in the same way in
 * whatever company.
 */
export class LengthBatcher<Result> {
  readonly #compute: (batch: PaddedRows) => Promise<readonly Result[]>
  readonly #limits: LengthBatcherLimits
  readonly #maxLength: number
  /** By padded length; in each the oldest first. No set is empty. */
  readonly #classes = new Map<number, Set<Waiting<Result>>>()
  #waiting = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed: EngineError | undefined

  /** @param maxLength no text is padded beyond it */
  constructor(
    compute: (batch: PaddedRows) => Promise<readonly Result[]>,
    { limits, maxLength }: { limits: LengthBatcherLimits; maxLength: number },
  ) {
    this.#compute = compute
    this.#limits = limits
    this.#maxLength = maxLength
  }

  /** @param ids at least one, at most `maxLength`; throws EngineError `busy`, `closed` and what `compute` throws; AbortError */
  add(ids: readonly number[], signal?: AbortSignal): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (signal?.aborted === true) throw abortError(signal)
      if (this.#closed !== undefined) throw this.#closed
      if (this.#waiting >= this.#limits.maxWaiting) {
        const failure = { code: 'busy', waiting: this.#waiting } as const
        throw new EngineError(`${this.#waiting} texts wait already`, failure, { mend: 'try again later' })
      }
      const length = Math.min(this.#maxLength, Math.ceil(ids.length / lengthStep) * lengthStep)
      const abort = (): void => {
        if (this.#leave(one, length) && signal !== undefined) reject(abortError(signal))
      }
      const one: Waiting<Result> = {
        ids,
        dueMs: performance.now() + this.#limits.waitMs,
        resolve: (result) => {
          signal?.removeEventListener('abort', abort)
          resolve(result)
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abort)
          reject(error)
        },
      }
      signal?.addEventListener('abort', abort, { once: true })
      const others = this.#classes.get(length)
      if (others === undefined) this.#classes.set(length, new Set([one]))
      else others.add(one)
      this.#waiting++
      this.#look()
    })
  }

  /** Waits for the run that is on; texts that wait fail with `error`. */
  async close(error: EngineError): Promise<void> {
    this.#closed ??= error
    clearTimeout(this.#timer)
    for (const [length, texts] of this.#classes) {
      for (const one of [...texts]) if (this.#leave(one, length)) one.reject(this.#closed)
    }
    await this.#running
  }

  #leave(one: Waiting<Result>, length: number): boolean {
    const texts = this.#classes.get(length)
    if (texts?.delete(one) !== true) return false
    this.#waiting--
    if (texts.size === 0) this.#classes.delete(length)
    return true
  }

  /** Runs what is due, or comes back when something is. */
  #look(): void {
    if (this.#running !== undefined) return
    clearTimeout(this.#timer)
    const next = this.#next()
    if (next === undefined) return
    const inMs = next.dueMs - performance.now()
    if (inMs > 0) {
      this.#timer = setTimeout(() => this.#look(), inMs)
      return
    }
    const batch = [...this.#classes.get(next.length)!].slice(0, this.#limits.maxRows)
    for (const one of batch) this.#leave(one, next.length)
    this.#running = this.#run(batch, next.length).finally(() => {
      this.#running = undefined
      this.#look()
    })
  }

  /** The padded length to compute next, and when. */
  #next(): { readonly length: number; readonly dueMs: number } | undefined {
    let next: { length: number; dueMs: number } | undefined
    for (const [length, texts] of this.#classes) {
      const [oldest] = texts
      const dueMs = texts.size >= this.#limits.maxRows ? Math.min(oldest!.dueMs, performance.now()) : oldest!.dueMs
      if (next === undefined || dueMs < next.dueMs) next = { length, dueMs }
    }
    return next
  }

  async #run(batch: readonly Waiting<Result>[], length: number): Promise<void> {
    try {
      const results = await this.#compute({ rows: batch.map(({ ids }) => ids), length })
      for (const [row, one] of batch.entries()) one.resolve(results[row]!)
    } catch (error) {
      for (const one of batch) one.reject(error)
    }
  }
}
