/** One ask as it counts, whether an answer came or not. */
export interface ScoredAnswer {
  /** Of the round in which it was asked. */
  readonly round: number
  readonly family: string
  /** Whether an answer came that the scorer could read. */
  readonly kind: 'scored' | 'failed'
  /** In [0, 1]; 0 for an ask that stayed unanswered. */
  readonly score: number
  /** The probability of a lucky guess at the task, in [0, 1). */
  readonly chance: number
  /** What the miner said of its own answer, in [0, 1]. */
  readonly confidence?: number
  /** Time to the whole answer as a share of the time allowed, in [0, 1]. */
  readonly lateness?: number
  /** Asked by the gateway's hotkey, so that it looked like an app builder's question. */
  readonly covert?: boolean
  /** What the answer claims, or why there is none; for people. */
  readonly note?: string
}
