import type Database from 'libsql'
import { closeDurableDatabase } from '../base/durableDatabase.ts'
import { groupBy } from '../base/groupBy.ts'
import { type Outcome, openAnswersTable, type StoredAnswer } from './answersTable.ts'
import { openNotes } from './notes.ts'
import { type DatabaseIdentity, openDatabase } from './openDatabase.ts'
import { openPairsTable, type PairNews } from './pairsTable.ts'
import { addAnswers } from './scoring/addAnswers.ts'
import type { Pair } from './scoring/clusters.ts'
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
 * A validator's memory. Whatever a function here has done is on the disk when it returns; reads come from memory.
 * What comes of a round is written in one transaction, so its scores are there all or none.
 */
export interface Store {
  readonly miners: ReadonlyMap<string, MinerRecord>
  readonly pairs: ReadonlyMap<string, Pair>
  /** Sums over all miners, gone ones included. */
  readonly answers: { readonly scored: number; readonly failed: number }
  declare(hotkey: string, domains: readonly string[]): void
  record(outcomes: readonly Outcome[], pairs?: readonly PairNews[]): readonly Fall[]
  readonly weights: WeightsTable
  /** Number of a round that was never begun, so that a restart asks nothing again. */
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
  const database = openDatabase(path, identity)
  const answersTable = openAnswersTable(database)
  const pairsTable = openPairsTable(database)
  const miners = readMiners(database, answersTable.read())
  const answers = { scored: 0, failed: 0 }
  for (const miner of miners.values()) {
    answers.scored += miner.scored
    answers.failed += miner.failed
  }
  const writeMiner = database.prepare(
    'INSERT INTO miners VALUES (?, ?, ?, ?, ?) ON CONFLICT(hotkey) DO UPDATE SET domains = excluded.domains, ' +
      'scored = excluded.scored, failed = excluded.failed, fallen = excluded.fallen',
  )
  const notes = openNotes(database)
  const weights = openWeightsTable(database)
  const save = (hotkey: string, { domains, scored, failed, fallen }: Saved): void => {
    writeMiner.run(hotkey, JSON.stringify(domains), scored, failed, fallen ?? null)
  }

  /** Within a transaction: the miner's record with these outcomes, and where it fell. */
  const grown = (hotkey: string, outcomes: readonly Outcome[]): { record: MinerRecord; falls: Fall[] } => {
    const before = miners.get(hotkey) ?? unknownMiner
    const lists = new Map(before.answers)
    const falls: Fall[] = []
    let { scored, failed, fallen } = before
    for (const [domain, own] of groupBy(outcomes, (outcome) => outcome.domain)) {
      const { kept, dropped, fell } = addAnswers(lists.get(domain) ?? [], own.map(answersTable.add))
      for (const answer of dropped) answersTable.remove(answer)
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
    save(hotkey, record)
    return { record, falls }
  }

  return {
    miners,
    pairs: pairsTable.pairs,
    answers,
    declare(hotkey, domains) {
      const before = miners.get(hotkey) ?? unknownMiner
      if (before.domains.join() === domains.join()) return
      const after = { ...before, domains: [...domains] }
      save(hotkey, after)
      miners.set(hotkey, after)
    },
    record(outcomes, pairs = []) {
      const { records, falls, rememberPairs } = database.transaction(() => {
        const parts = [...groupBy(outcomes, ({ hotkey }) => hotkey)].map(
          ([hotkey, own]) => [hotkey, grown(hotkey, own)] as const,
        )
        return {
          records: parts.map(([hotkey, { record }]) => [hotkey, record] as const),
          falls: parts.flatMap(([, part]) => part.falls),
          rememberPairs: pairsTable.add(pairs),
        }
      })()
      // Only now: memory must not know of an answer that the disk has lost.
      for (const [hotkey, record] of records) miners.set(hotkey, record)
      rememberPairs()
      for (const { kind } of outcomes) answers[kind]++
      return falls
    },
    weights,
    takeRound() {
      const round = Number(notes.get('round') ?? 0)
      notes.set('round', String(round + 1))
      return round
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
      closeDurableDatabase(database)
    },
  }
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
