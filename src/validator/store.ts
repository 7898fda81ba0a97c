import type Database from 'libsql'
import { closeDurableDatabase } from '../base/durableDatabase.ts'
import { groupBy } from '../base/groupBy.ts'
import { type Outcome, openAnswersTable, type StoredAnswer } from './answersTable.ts'
import { type LastSeen, openLastSeen } from './lastSeen.ts'
import { openNotes } from './notes.ts'
import { type DatabaseIdentity, openAnyDatabase, openDatabase } from './openDatabase.ts'
import { openPairsTable } from './pairsTable.ts'
import { addAnswers } from './scoring/addAnswers.ts'
import type { Pair, PairNews } from './scoring/clusters.ts'
import { openTrafficTable, type TrafficTable } from './traffic/trafficTable.ts'
import { openWeightsTable, type WeightsTable } from './weightsTable.ts'

/** What is known of one miner; it belongs to the hotkey, so a uid that changes hands starts anew. */
export interface MinerRecord {
  /** As its axon last declared them. */
  readonly domains: readonly string[]
  /** Those that count, by domain, the newest last. */
  readonly answers: ReadonlyMap<string, readonly StoredAnswer[]>
  /** Answers that came and were scored, right or wrong, ever. */
  readonly scored: number
  /** Asks that stayed unanswered, ever. */
  readonly failed: number
  /** Round in which it was last found to have become worse. */
  readonly fallen?: number
}

/** A miner that was found to have become worse; what it answered before no longer counts. */
export interface Fall {
  readonly hotkey: string
  readonly domain: string
  /** Answers that still count. */
  readonly left: number
}

/**
 * A validator's memory. What a function here has done is on the disk when it returns, unless it says otherwise; reads come
 * from memory.
 * What comes of a round is written in one transaction, so its scores are there all or none.
 */
export interface Store {
  readonly miners: ReadonlyMap<string, MinerRecord>
  readonly pairs: ReadonlyMap<string, Pair>
  /** Sums over all miners, gone ones included. */
  readonly answers: { readonly scored: number; readonly failed: number }
  /** What an axon says it serves. It says so again at each connection, so it goes to the disk with the next outcomes. */
  declare(hotkey: string, domains: readonly string[]): void
  record(outcomes: readonly Outcome[], pairs?: readonly PairNews[]): readonly Fall[]
  readonly weights: WeightsTable
  /** How miners serve app builders, as a gateway tells. */
  readonly traffic: TrafficTable
  /** For whoever looks at the scores when the validator does not run. */
  readonly lastSeen: LastSeen
  /** Rounds begun, ever. */
  readonly rounds: number
  /**
   * Number of a round that was never begun, so that a restart asks nothing again. Many are set aside at once, so that a round
   * waits for the disk once, at its end; after a kill the numbers jump by as many at most.
   */
  takeRound(): number
  /**
   * Tells it the hash of block 1, which two runs of one local chain do not share as they do their genesis.
   *
   * @returns whether it is another than before: what was known of weights is forgotten then, the scores are kept
   */
  meetChain(firstBlock: string): boolean
  close(): void
}

/** @throws ValidatorError `wrong-database`, `database-in-use`, `bad-database` */
export function openStore(path: string, identity: DatabaseIdentity): Store {
  return storeOn(openDatabase(path, identity))
}

/**
 * The memory of a validator that does not run, whosever it is.
 *
 * @throws ValidatorError `database-in-use` while one runs, `wrong-database` for another release's, `bad-database`
 */
export function openAnyStore(path: string): { readonly store: Store; readonly of: DatabaseIdentity } {
  const { database, of } = openAnyDatabase(path)
  return { store: storeOn(database), of }
}

function storeOn(database: Database.Database): Store {
  const answersTable = openAnswersTable(database)
  const pairsTable = openPairsTable(database)
  const miners = readMiners(database, answersTable.read())
  const answers = { scored: 0, failed: 0 }
  for (const miner of miners.values()) {
    answers.scored += miner.scored
    answers.failed += miner.failed
  }
  const writeMiners = database.prepare(
    'INSERT INTO miners SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true ' +
      'ON CONFLICT(hotkey) DO UPDATE SET domains = excluded.domains, scored = excluded.scored, failed = excluded.failed, ' +
      'fallen = excluded.fallen',
  )
  const notes = openNotes(database)
  const weights = openWeightsTable(database)
  let rounds = Number(notes.get('round') ?? 0)
  let setAside = rounds
  const declared = new Set<string>()
  const save = (records: Iterable<readonly [string, Saved]>): void => {
    const rows = [...records].map(([hotkey, { domains, scored, failed, fallen }]) => {
      return [hotkey, JSON.stringify(domains), scored, failed, fallen]
    })
    writeMiners.run(JSON.stringify(rows))
  }

  /** The miner's record with these outcomes, where it fell, and what the disk is to learn. */
  const grown = (hotkey: string, outcomes: readonly Outcome[]): Grown => {
    const before = miners.get(hotkey) ?? unknownMiner
    const lists = new Map(before.answers)
    const falls: Fall[] = []
    const added: Grown['added'][number][] = []
    const gone: StoredAnswer[] = []
    let { scored, failed, fallen } = before
    for (const [domain, own] of groupBy(outcomes, (outcome) => outcome.domain)) {
      const more = own.map(answersTable.number)
      const { kept, dropped, fell } = addAnswers(lists.get(domain) ?? [], more)
      added.push(...more.map((answer) => ({ ...answer, hotkey, domain })))
      gone.push(...dropped)
      lists.set(domain, kept)
      if (fell) {
        falls.push({ hotkey, domain, left: kept.length })
        fallen = own.at(-1)!.round
      }
    }
    for (const { kind } of outcomes) {
      if (kind === 'scored') scored++
      else failed++
    }
    const record = { ...before, answers: lists, scored, failed, ...(fallen !== undefined && { fallen }) }
    return { hotkey, record, falls, added, gone }
  }

  /** A subnet's hotkeys change for ever; without this all that were ever asked would stay in memory and on the disk. */
  const forgetGone = (): void => {
    const isGone = ({ answers: lists }: MinerRecord): boolean =>
      lists.size > 0 && [...lists.values()].every((list) => (list.at(-1)?.round ?? 0) < rounds - roundsKept)
    const gone = new Map([...miners].filter(([, record]) => isGone(record)))
    if (gone.size === 0) return
    const forgetPairs = database.transaction(() => {
      answersTable.write(
        [],
        [...gone.values()].flatMap((record) => [...record.answers.values()].flat()),
      )
      return pairsTable.forget(new Set(gone.keys()))
    })()
    for (const [hotkey, record] of gone) miners.set(hotkey, { ...record, answers: new Map() })
    forgetPairs()
  }

  return {
    miners,
    pairs: pairsTable.pairs,
    answers,
    declare(hotkey, domains) {
      const before = miners.get(hotkey) ?? unknownMiner
      if (before.domains.join() === domains.join()) return
      miners.set(hotkey, { ...before, domains: [...domains] })
      declared.add(hotkey)
    },
    record(outcomes, pairs = []) {
      const parts = [...groupBy(outcomes, ({ hotkey }) => hotkey)].map(([hotkey, own]) => grown(hotkey, own))
      const records = new Map(parts.map(({ hotkey, record }) => [hotkey, record]))
      const alone = [...declared].filter((hotkey) => !records.has(hotkey))
      const rememberPairs = database.transaction(() => {
        save([...records, ...alone.map((hotkey) => [hotkey, miners.get(hotkey)!] as const)])
        const all = <T>(list: (part: Grown) => readonly T[]): T[] => parts.flatMap(list)
        answersTable.write(
          all(({ added }) => added),
          all(({ gone }) => gone),
        )
        return pairsTable.add(pairs)
      })()
      // Only now: memory must not know of an answer that the disk has lost.
      declared.clear()
      for (const [hotkey, record] of records) miners.set(hotkey, record)
      rememberPairs()
      for (const { kind } of outcomes) answers[kind]++
      return parts.flatMap(({ falls }) => falls)
    },
    weights,
    traffic: openTrafficTable(database),
    lastSeen: openLastSeen(notes),
    get rounds() {
      return rounds
    },
    takeRound() {
      if (rounds === setAside) {
        notes.set('round', String(rounds + roundsSetAside))
        setAside = rounds + roundsSetAside
        forgetGone()
      }
      return rounds++
    },
    meetChain(firstBlock) {
      const known = notes.get('firstBlock')
      if (known === firstBlock) return false
      // In this order: after a kill in between, it is forgotten once more.
      if (known !== undefined) weights.forget()
      notes.set('firstBlock', firstBlock)
      return known !== undefined
    },
    close() {
      if (rounds !== setAside) notes.set('round', String(rounds))
      closeDurableDatabase(database)
    },
  }
}

const roundsSetAside = 32
/** A miner that was asked nothing for so many rounds, some days at the usual pace, begins anew where it comes back. */
const roundsKept = 200_000

interface Grown {
  readonly hotkey: string
  readonly record: MinerRecord
  readonly falls: readonly Fall[]
  readonly added: readonly (Outcome & StoredAnswer)[]
  readonly gone: readonly StoredAnswer[]
}

type Saved = Pick<MinerRecord, 'domains' | 'scored' | 'failed' | 'fallen'>

const unknownMiner: MinerRecord = { domains: [], answers: new Map(), scored: 0, failed: 0 }

function readMiners(
  database: Database.Database,
  answers: ReadonlyMap<string, ReadonlyMap<string, StoredAnswer[]>>,
): Map<string, MinerRecord> {
  const rows = database.prepare('SELECT * FROM miners').all() as {
    hotkey: string
    domains: string
    scored: number
    failed: number
    fallen: number | null
  }[]
  return new Map(
    rows.map(({ hotkey, domains, scored, failed, fallen }) => [
      hotkey,
      {
        domains: JSON.parse(domains) as string[],
        answers: answers.get(hotkey) ?? new Map(),
        scored,
        failed,
        ...(fallen !== null && { fallen }),
      },
    ]),
  )
}
