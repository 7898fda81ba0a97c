/** One who may be asked, with what is known of it. */
export interface Candidate {
  /** Asks that count for it so far. */
  readonly answers: number
  /** Mean score of those, in [0, 1]. */
  readonly accuracy: number
  /** For a fall of its accuracy, in nats. */
  readonly fallEvidence: number
}

export interface AllotRules {
  /** Asks to give out. */
  readonly budget: number
  /** Everybody gets so many at least, so that nobody can tell that it is no longer looked at. */
  readonly least: number
  readonly most: number
}

/** Nats for a fall at which a miner is as little known as a newcomer. */
const fullSuspicion = 8

/**
 * Gives each candidate so many of the next asks that the budget goes where the uncertainty is: each ask to the one whose
 * mean it makes most certain, `v / (n (n + 1))` with `v` the variance of one answer. Who may have fallen counts as less
 * known than it was.
 *
 * @returns asks per candidate, in order; their sum is the budget where `least` and `most` allow it
 */
export function allot(candidates: readonly Candidate[], { budget, least, most }: AllotRules): number[] {
  const asks = candidates.map(() => least)
  let left = budget - least * candidates.length
  const gains = candidates.map((candidate) => gainOf(candidate, least))
  // A few hundred candidates and a few asks each: a heap would be longer than the loop.
  while (left > 0) {
    let best = -1
    for (let i = 0; i < gains.length; i++) {
      if (asks[i]! < most && (best === -1 || gains[i]! > gains[best]!)) best = i
    }
    if (best === -1) break
    asks[best]!++
    left--
    gains[best] = gainOf(candidates[best]!, asks[best]!)
  }
  return asks
}

function gainOf({ answers, accuracy, fallEvidence }: Candidate, more: number): number {
  const known = answers * (1 - Math.min(1, fallEvidence / fullSuspicion))
  const n = known + more + 1
  // One success and one failure more: what looks certain after three answers is not.
  const p = (accuracy * known + 1) / (known + 2)
  return (p * (1 - p)) / (n * (n + 1))
}
