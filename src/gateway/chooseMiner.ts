/** A miner as far as the choice goes. */
export interface Candidate {
  readonly uid: number
  /** u16 of the last epoch; 0 for a miner that validators have not seen, or have seen to be no good. */
  readonly incentive: number
  /** Answers that it owes this gateway now. */
  readonly running: number
  /** When it last failed to answer, on the clock of `nowMs`; undefined since it last answered. */
  readonly failedAtMs: number | undefined
  /** Whether it claims a model for the domain; its receipts are then signed over that model's fingerprint. */
  namesModel(domain: string): boolean
}

/** A miner that failed is asked only after the others for this long. */
export const distrustMs = 30_000

/**
 * In which order to ask a domain's miners: the highest incentive first, those without any last, and those that failed
 * a short time ago behind all of them. Equals: the one with less to do, then the lower uid.
 *
 * While none of them has any incentive, as before a subnet's first weights, those that name a model for the domain come
 * before those that answer without one. It is a miner's own word, so it counts for nothing as soon as one has incentive.
 *
 * @returns a new list of the same miners
 */
export function chooseMiner<C extends Candidate>(miners: readonly C[], domain: string, nowMs: number): C[] {
  const isScored = miners.some(({ incentive }) => incentive > 0)
  const isBare = (miner: C): number => (isScored || miner.namesModel(domain) ? 0 : 1)
  const isDistrusted = ({ failedAtMs }: C): number =>
    failedAtMs !== undefined && nowMs - failedAtMs < distrustMs ? 1 : 0
  return miners.toSorted(
    (a, b) =>
      isDistrusted(a) - isDistrusted(b) ||
      b.incentive - a.incentive ||
      isBare(a) - isBare(b) ||
      a.running - b.running ||
      a.uid - b.uid,
  )
}
