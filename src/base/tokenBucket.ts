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

  /** Takes some, default one. False: so many are not left, and none is taken. */
  take(nowMs: number, amount = 1): boolean {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs)
    this.#filledAtMs = nowMs
    if (this.#tokens < amount) return false
    this.#tokens -= amount
    return true
  }
}
