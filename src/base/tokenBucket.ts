/** Allows `capacity` at once and `perSecond` over time. Times are milliseconds of one clock that never goes back. */
export class TokenBucket {
  readonly #capacity: number
  readonly #perMs: number
  #tokens: number
  #filledAtMs: number

  constructor(capacity: number, perSecond: number, nowMs: number) {
    this.#capacity = capacity
    this.#perMs = perSecond / 1_000
    this.#tokens = capacity
    this.#filledAtMs = nowMs
  }

  /** Takes one. False: none is left. */
  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs)
    this.#filledAtMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
