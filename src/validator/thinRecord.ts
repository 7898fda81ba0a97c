import type { MinerRecord } from './store.ts'

/** With fewer answers than this, luck decides more than the model: a miner that is right half the time often shows none. */
export const leastAnswers = 16

/**
 * Whether too little is known of a miner to weigh it: in a domain that it declares and this validator asks, it has been
 * asked a few times only. One that was never reached is not thin: it has declared nothing.
 */
export function isThin(record: MinerRecord | undefined, domains: ReadonlySet<string>): boolean {
  if (record === undefined) return false
  return record.domains.some((name) => domains.has(name) && (record.averages.get(name)?.answers ?? 0) < leastAnswers)
}
