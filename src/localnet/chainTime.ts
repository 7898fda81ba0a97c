/** The chain's clock: the wall clock, and how far the chain is ahead of it. */
export class ChainTime {
  readonly #wallMs: () => number
  /** Milliseconds. */
  aheadMs = 0

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs
  }

  nowMs(): number {
    return this.#wallMs() + this.aheadMs
  }

  /** A chain whose clock was ahead when it was left stays ahead. @param headMs time of its newest block */
  goOnFrom(headMs: number): void {
    this.aheadMs = Math.max(0, headMs - this.#wallMs())
  }
}
