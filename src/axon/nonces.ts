export interface NonceLimits {
  /** The longest age at which any request is still good. */
  readonly maxAgeMs: number
  /** How far the caller's clock may be ahead. */
  readonly aheadMs: number
  readonly maxNonces: number
  readonly maxNoncesPerHotkey: number
}

/** The time at which a request was made, and what no other request of this hotkey shares. Both under its signature. */
export interface Nonce {
  readonly hotkey: string
  readonly nonce: string
  /** Unix time. */
  readonly madeAtMs: number
}

export type NonceFault = 'stale-nonce' | 'future-nonce' | 'replayed' | 'too-many-nonces'

/** Of one slice of time, by hotkey. */
type Slice = Map<string, Set<string>>

const sliceMs = 1_000

/**
 * The requests that were taken, so that none is taken twice. One is remembered until it is too old to be good anyway; when
 * there is no room new ones are refused, and none is forgotten before its time. What was taken before a restart is
 * not known here: requests made before the start, on a clock as far ahead as it may be, are too old from the beginning.
 */
export class Nonces {
  readonly #limits: NonceLimits
  /** What is older is refused, whatever the clock says: it never goes back, as the clock may. */
  #notBeforeMs: number
  /** By the number of the slice, a request's own time decides in which one it is. */
  readonly #slices = new Map<number, Slice>()
  readonly #counts = new Map<string, number>()
  #size = 0
  #sweptTo = Number.NEGATIVE_INFINITY

  /** @param startedAtMs Unix time before which this axon's port took nothing */
  constructor(limits: NonceLimits, startedAtMs: number) {
    this.#limits = limits
    this.#notBeforeMs = startedAtMs + limits.aheadMs
  }

  get size(): number {
    return this.#size
  }

  /**
   * What is wrong with a request, without remembering it: that is for `take`, once its signature is proved, lest strangers
   * use up nonces of others.
   *
   * @param maxAgeMs at most the limits' own
   */
  check(nonce: Nonce, nowMs: number, options: { maxAgeMs: number; mayBeAhead?: boolean }): NonceFault | undefined {
    const { madeAtMs, hotkey } = nonce
    const maxAgeMs = Math.min(options.maxAgeMs, this.#limits.maxAgeMs)
    if (madeAtMs < this.#notBeforeMs || madeAtMs < nowMs - maxAgeMs) return 'stale-nonce'
    if (options.mayBeAhead !== true && madeAtMs > nowMs + this.#limits.aheadMs) return 'future-nonce'
    if (this.#slices.get(sliceOf(madeAtMs))?.get(hotkey)?.has(nonce.nonce) === true) return 'replayed'
    return undefined
  }

  /** Remembers a request that `check` found good. Undefined: it is taken, for the first time. */
  take(nonce: Nonce, nowMs: number): NonceFault | undefined {
    const { hotkey, madeAtMs } = nonce
    const fault = this.check(nonce, nowMs, { maxAgeMs: this.#limits.maxAgeMs, mayBeAhead: true })
    if (fault !== undefined) return fault
    this.#sweep(nowMs)
    const own = this.#counts.get(hotkey) ?? 0
    if (this.#size >= this.#limits.maxNonces || own >= this.#limits.maxNoncesPerHotkey) return 'too-many-nonces'
    const number = sliceOf(madeAtMs)
    const slice: Slice = this.#slices.get(number) ?? new Map()
    this.#slices.set(number, slice)
    const nonces = slice.get(hotkey)
    if (nonces === undefined) slice.set(hotkey, new Set([nonce.nonce]))
    else nonces.add(nonce.nonce)
    this.#counts.set(hotkey, own + 1)
    this.#size++
    return undefined
  }

  /** Drops the slices that lie wholly beyond the longest age. */
  #sweep(nowMs: number): void {
    const oldest = sliceOf(nowMs - this.#limits.maxAgeMs)
    if (oldest <= this.#sweptTo) return
    this.#sweptTo = oldest
    this.#notBeforeMs = Math.max(this.#notBeforeMs, oldest * sliceMs)
    for (const [number, slice] of this.#slices) {
      if (number >= oldest) continue
      this.#slices.delete(number)
      for (const [hotkey, nonces] of slice) {
        const left = (this.#counts.get(hotkey) ?? 0) - nonces.size
        if (left > 0) this.#counts.set(hotkey, left)
        else this.#counts.delete(hotkey)
        this.#size -= nonces.size
      }
    }
  }
}

function sliceOf(ms: number): number {
  return Math.floor(ms / sliceMs)
}
