import type Database from 'libsql'
import type { ScoredAnswer } from './scoring/scoredAnswer.ts'

/** An answer with its row. */
export type StoredAnswer = ScoredAnswer & { readonly id: number }

/** What one ask came to, before it has a row. */
export type Outcome = ScoredAnswer & { readonly hotkey: string; readonly domain: string }

export interface AnswersTable {
  /** Those that count, by hotkey and domain, the oldest first. */
  read(): Map<string, Map<string, StoredAnswer[]>>
  add(outcome: Outcome): StoredAnswer
  remove(answer: StoredAnswer): void
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
  const insert = database.prepare(
    'INSERT INTO answers (hotkey, domain, round, family, kind, score, chance, confidence, lateness, covert, note) ' +
      'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const erase = database.prepare('DELETE FROM answers WHERE id = ?')
  return {
    read() {
      const answers = new Map<string, Map<string, StoredAnswer[]>>()
      for (const row of database.prepare('SELECT * FROM answers ORDER BY id').all() as Row[]) {
        const own = answers.get(row.hotkey) ?? new Map<string, StoredAnswer[]>()
        answers.set(row.hotkey, own)
        const list = own.get(row.domain) ?? []
        own.set(row.domain, list)
        list.push(answerOf(row))
      }
      return answers
    },
    add({ hotkey, domain, ...answer }) {
      const { round, family, kind, score, chance, confidence = null, lateness = null, covert, note = null } = answer
      const { lastInsertRowid } = insert.run(
        ...[hotkey, domain, round, family, kind, score, chance, confidence, lateness, covert === true ? 1 : 0, note],
      )
      return { ...answer, id: Number(lastInsertRowid) }
    },
    remove({ id }) {
      erase.run(id)
    },
  }
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
