import type Database from 'libsql'
import type { ScoredAnswer } from './scoring/scoredAnswer.ts'

/** An answer with its row. */
export type StoredAnswer = ScoredAnswer & { readonly id: number }

/** What one ask came to, before it has a row. */
export type Outcome = ScoredAnswer & { readonly hotkey: string; readonly domain: string }

export interface AnswersTable {
  /** Those that count, by hotkey and domain, the oldest first. */
  read(): Map<string, Map<string, StoredAnswer[]>>
  /** The answer with the row that it will have; `write` writes all of them. */
  number(outcome: Outcome): StoredAnswer
  /** Writes new answers and erases those that count no more. */
  write(added: readonly (Outcome & StoredAnswer)[], dropped: readonly StoredAnswer[]): void
}

interface Row {
  readonly id: number
  readonly hotkey: string
  readonly domain: string
  readonly round: number
  readonly family: string
  readonly kind: 'scored' | 'failed'
  readonly score: number
  readonly chance: number
  readonly confidence: number | null
  readonly lateness: number | null
  readonly covert: number
  readonly note: string | null
}

export function openAnswersTable(database: Database.Database): AnswersTable {
  // All in one statement: a round of 256 miners has a thousand and more.
  const columns = 'id, hotkey, domain, round, family, kind, score, chance, confidence, lateness, covert, note'
  const values = columns.split(', ').map((_, i) => `value ->> ${i}`)
  const insert = database.prepare(`INSERT INTO answers (${columns}) SELECT ${values.join(', ')} FROM json_each(?)`)
  const erase = database.prepare('DELETE FROM answers WHERE id IN (SELECT value FROM json_each(?))')
  const last = database.prepare('SELECT coalesce(max(id), 0) AS id FROM answers').get() as { id: number }
  let lastId = last.id
  return {
    read() {
      const answers = new Map<string, Map<string, StoredAnswer[]>>()
      // One by one: all rows at once would be as much memory again.
      for (const row of database.prepare('SELECT * FROM answers ORDER BY id').iterate() as Iterable<Row>) {
        const own = answers.get(row.hotkey) ?? new Map<string, StoredAnswer[]>()
        answers.set(row.hotkey, own)
        const list = own.get(row.domain) ?? []
        own.set(row.domain, list)
        list.push(answerOf(row))
      }
      return answers
    },
    number({ hotkey: _hotkey, domain: _domain, ...answer }) {
      return { ...answer, id: ++lastId }
    },
    write(added, dropped) {
      if (added.length > 0) insert.run(JSON.stringify(added.map(rowOf)))
      if (dropped.length > 0) erase.run(JSON.stringify(dropped.map(({ id }) => id)))
    },
  }
}

function rowOf(answer: Outcome & StoredAnswer): unknown[] {
  const { id, hotkey, domain, round, family, kind, score, chance, confidence, lateness, covert, note } = answer
  return [
    id,
    hotkey,
    domain,
    round,
    family,
    kind,
    score,
    chance,
    confidence,
    lateness,
    covert === true ? 1 : 0,
    wellFormed(note),
  ]
}

/** What a miner claims may end in half a character, which the database takes and cannot give back. */
function wellFormed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text).toString()
}

function answerOf({ id, round, family, kind, score, chance, confidence, lateness, covert, note }: Row): StoredAnswer {
  return {
    id,
    round,
    family,
    kind,
    score,
    chance,
    ...(confidence !== null && { confidence }),
    ...(lateness !== null && { lateness }),
    ...(covert === 1 && { covert: true }),
    ...(note !== null && { note }),
  }
}
