import type Database from 'libsql'
import { addServed, type ServedCount } from '../scoring/servedFactor.ts'
import type { Served } from './readTraffic.ts'

/** How far into a gateway's traffic this validator has come. */
export interface TrafficPlace {
  /** Of the gateway's start. */
  readonly run: string
  /** Of the last entry that was counted. */
  readonly after: number
}

/** What app builders' asks say of miners, by hotkey, and from where on there is more to read. */
export interface TrafficTable {
  readonly served: ReadonlyMap<string, ServedCount>
  readonly place: TrafficPlace | undefined
  /** Written in one transaction, so that no entry counts twice. */
  add(news: readonly Served[], place: TrafficPlace): void
}

export const trafficTables = `
  CREATE TABLE served (hotkey TEXT PRIMARY KEY, good REAL NOT NULL, bad REAL NOT NULL) STRICT;
  CREATE TABLE traffic (id INTEGER PRIMARY KEY CHECK (id = 1), run TEXT NOT NULL, after INTEGER NOT NULL) STRICT;
`

export function openTrafficTable(database: Database.Database): TrafficTable {
  const rows = database.prepare('SELECT * FROM served').all() as (ServedCount & { readonly hotkey: string })[]
  const served = new Map(rows.map(({ hotkey, good, bad }) => [hotkey, { good, bad }]))
  let place = database.prepare('SELECT run, after FROM traffic').get() as TrafficPlace | undefined
  const write = database.prepare(
    'INSERT INTO served VALUES (?, ?, ?) ON CONFLICT(hotkey) DO UPDATE SET good = excluded.good, bad = excluded.bad',
  )
  const move = database.prepare(
    'INSERT INTO traffic VALUES (1, ?, ?) ON CONFLICT(id) DO UPDATE SET run = excluded.run, after = excluded.after',
  )
  return {
    served,
    get place() {
      return place
    },
    add(news, next) {
      const changed = new Map<string, ServedCount>()
      for (const { hotkey, good } of news) {
        changed.set(hotkey, addServed(changed.get(hotkey) ?? served.get(hotkey) ?? { good: 0, bad: 0 }, good))
      }
      database.transaction(() => {
        for (const [hotkey, { good, bad }] of changed) write.run(hotkey, good, bad)
        move.run(next.run, next.after)
      })()
      // Only now: memory must not know what the disk has lost.
      for (const [hotkey, count] of changed) served.set(hotkey, count)
      place = next
    },
  }
}
