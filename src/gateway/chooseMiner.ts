/** A miner as far as the choice goes. */
export interface Candidate {
  readonly uid: number
  /** u16 of the last epoch; 0 for a miner that validators have not seen, or have seen to be no good. */
  readonly incentive: number
  /** Answers that it owes this gateway now. */
  readonly running: number
  /** When it last failed to answer, on the clock of `nowMs`; undefined since it last answered. */
  readonly failedAtMs: number | undefined
}

/** A miner that failed is asked only after the others for this long. */
export const distrustMs = 30_000

/**
 * In which order to ask a domain's miners: the highest incentive first, those without any last, and those that failed
 * a short time ago behind all of them. Equals: the one with less to do, then the lower uid.
 *
 * @returns a new list of the same miners
 */
export function chooseMiner<C extends Candidate>(miners: readonly C[], nowMs: number): C[] {
  const isDistrusted = ({ failedAtMs }: C): number =>
    failedAtMs !== undefined && nowMs - failedAtMs < distrustMs ? 1 : 0
  return miners.toSorted(
    (a, b) => isDistrusted(a) - isDistrusted(b) || b.incentive - a.incentive || a.running - b.running || a.uid - b.uid,
  )
}
