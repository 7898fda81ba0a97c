import type { MinerRecord } from './store.ts'

/** With fewer answers than this, luck decides more than the model: a miner that is right half the time often shows none. */
export const leastAnswers = 16

/**
 * Whether too little is known of a miner to weigh it: in a domain that it declares and this validator asks, it has been
 * asked a few times only. One that was never reached is not thin: it has declared nothing. Nor is one that has fallen: that it
 * is worse than it was is known well enough.
 */
export function isThin(record: MinerRecord | undefined, domains: ReadonlySet<string>): boolean {
  if (record === undefined || record.fallen !== undefined) return false
  return record.domains.some((name) => domains.has(name) && (record.answers.get(name)?.length ?? 0) < leastAnswers)
}
