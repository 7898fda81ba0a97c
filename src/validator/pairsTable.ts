import type Database from 'libsql'
import { addPairNews, type Pair, type PairNews, pairKey } from './scoring/clusters.ts'

export interface PairsTable {
  readonly pairs: ReadonlyMap<string, Pair>
  /** Writes within the caller's transaction; what it returns puts the news into memory once that is through. */
  add(news: readonly PairNews[]): () => void
  /** Erases what is known of these miners, in the same way. */
  forget(hotkeys: ReadonlySet<string>): () => void
}

export function openPairsTable(database: Database.Database): PairsTable {
  const rows = database
    .prepare('SELECT a, b, evidence, a_first AS aFirst, b_first AS bFirst FROM pairs')
    .all() as Pair[]
  const pairs = new Map(rows.map((pair) => [pairKey(pair), pair]))
  // All in one statement: a round of 256 miners has a thousand.
  const write = database.prepare(
    'INSERT INTO pairs SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true ' +
      'ON CONFLICT(a, b) DO UPDATE SET evidence = excluded.evidence, a_first = excluded.a_first, b_first = excluded.b_first',
  )
  const erase = database.prepare(
    'DELETE FROM pairs WHERE a IN (SELECT value FROM json_each(?1)) OR b IN (SELECT value FROM json_each(?1))',
  )
  return {
    pairs,
    add(news) {
      const changed = new Map<string, Pair>()
      for (const one of news) {
        const key = pairKey(one)
        changed.set(key, addPairNews(changed.get(key) ?? pairs.get(key), one))
      }
      const rows = [...changed.values()].map(({ a, b, evidence, aFirst, bFirst }) => [a, b, evidence, aFirst, bFirst])
      if (rows.length > 0) write.run(JSON.stringify(rows))
      return () => {
        for (const [key, pair] of changed) pairs.set(key, pair)
      }
    },
    forget(hotkeys) {
      erase.run(JSON.stringify([...hotkeys]))
      return () => {
        for (const [key, { a, b }] of pairs) if (hotkeys.has(a) || hotkeys.has(b)) pairs.delete(key)
      }
    },
  }
}
