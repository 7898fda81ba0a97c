import type Database from 'libsql'
import { closeDurableDatabase } from '../base/durableDatabase.ts'
import { openNotes } from './notes.ts'
import { type DatabaseIdentity, openDatabase } from './openDatabase.ts'
import { type AnswerScore, addAnswer, type DomainAverage } from './scoreBook.ts'
import { openWeightsTable, type WeightsTable } from './weightsTable.ts'

/** What is known of one miner; it belongs to the hotkey, so a uid that changes hands starts anew. */
export interface MinerRecord {
  /** As its axon last declared them. */
  readonly domains: readonly string[]
  readonly averages: ReadonlyMap<string, DomainAverage>
  /** Answers that came and were scored, right or wrong. */
  readonly scored: number
  /** Asks that stayed unanswered. */
  readonly failed: number
}

export type Outcome = AnswerScore & {
  readonly hotkey: string
  readonly domain: string
  readonly kind: 'scored' | 'failed'
}

/**
 * A validator's memory. Whatever a function here has done is on the disk when it returns; reads come from memory.
 * The averages and the counts of an answer are written in one transaction, so they cannot disagree.
 */
export interface Store {
  readonly miners: ReadonlyMap<string, MinerRecord>
  /** Sums over all miners, gone ones included. */
  readonly answers: { readonly scored: number; readonly failed: number }
  declare(hotkey: string, domains: readonly string[]): void
  record(outcome: Outcome): void
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
  const miners = readMiners(database)
  const answers = { scored: 0, failed: 0 }
  for (const miner of miners.values()) {
    answers.scored += miner.scored
    answers.failed += miner.failed
  }
  const writeMiner = database.prepare(
    'INSERT INTO miners VALUES (?, ?, ?, ?) ON CONFLICT(hotkey) DO UPDATE SET ' +
      'domains = excluded.domains, scored = excluded.scored, failed = excluded.failed',
  )
  const writeAverage = database.prepare(
    'INSERT INTO averages VALUES (?, ?, ?, ?, ?) ON CONFLICT(hotkey, domain) DO UPDATE SET ' +
      'answers = excluded.answers, accuracy = excluded.accuracy, chance = excluded.chance',
  )
  const notes = openNotes(database)
  const weights = openWeightsTable(database)
  const save = (hotkey: string, { domains, scored, failed }: MinerRecord): void => {
    writeMiner.run(hotkey, JSON.stringify(domains), scored, failed)
  }
  return {
    miners,
    answers,
    declare(hotkey, domains) {
      const before = miners.get(hotkey) ?? unknownMiner
      if (before.domains.join() === domains.join()) return
      const after = { ...before, domains: [...domains] }
      save(hotkey, after)
      miners.set(hotkey, after)
    },
    record({ hotkey, domain, kind, score, chance }) {
      const before = miners.get(hotkey) ?? unknownMiner
      const average = addAnswer(before.averages.get(domain), { score, chance })
      const after = { ...before, [kind]: before[kind] + 1, averages: new Map(before.averages).set(domain, average) }
      database.transaction(() => {
        save(hotkey, after)
        writeAverage.run(hotkey, domain, average.answers, average.accuracy, average.chance)
      })()
      // Only now: memory must not know of an answer that the disk has lost.
      miners.set(hotkey, after)
      answers[kind]++
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

const unknownMiner: MinerRecord = { domains: [], averages: new Map(), scored: 0, failed: 0 }

function readMiners(database: Database.Database): Map<string, MinerRecord> {
  const averages = new Map<string, Map<string, DomainAverage>>()
  const averageRows = database.prepare('SELECT * FROM averages').all() as (DomainAverage & {
    hotkey: string
    domain: string
  })[]
  for (const { hotkey, domain, answers, accuracy, chance } of averageRows) {
    const own = averages.get(hotkey) ?? new Map<string, DomainAverage>()
    averages.set(hotkey, own.set(domain, { answers, accuracy, chance }))
  }
  const rows = database.prepare('SELECT * FROM miners').all() as {
    hotkey: string
    domains: string
    scored: number
    failed: number
  }[]
  return new Map(
    rows.map(({ hotkey, domains, scored, failed }) => [
      hotkey,
      { domains: JSON.parse(domains) as string[], averages: averages.get(hotkey) ?? new Map(), scored, failed },
    ]),
  )
}
