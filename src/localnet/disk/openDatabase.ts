import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { InputError, messageOf } from '../../base/errors.ts'

/** Which chain a directory holds. */
export interface ChainIdentity {
  /** Hash of the block 0 that the localnet begins with, not of one that was loaded later. */
  readonly genesis: string
  readonly specVersion: number
  readonly build: string
}

/** Raised whenever a table changes. */
const format = 1

const tables = `
  CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE blocks (number INTEGER PRIMARY KEY, timestampMs INTEGER NOT NULL, block BLOB NOT NULL, undo BLOB) STRICT;
`

/**
 * Opens the database of a chain's directory, or makes it. What a transaction has written is on the disk when it returns
 * (WAL, synchronous FULL), so neither a killed process nor a power cut takes it away. Nobody else can open it meanwhile.
 *
 * @throws InputError for a directory of another chain or release, in use, or that cannot be written
 */
export function openDatabase(directory: string, identity: ChainIdentity): Database.Database {
  let database: Database.Database | undefined
  let isOurs = false
  try {
    mkdirSync(directory, { recursive: true })
    database = new Database(join(directory, 'chain.db'))
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    isOurs = true
    database.pragma('synchronous = FULL')
    prepare(database, directory, identity)
    return database
  } catch (error) {
    if (isOurs) closeDatabase(database!)
    else database?.close()
    throw error instanceof InputError ? error : unusable(directory, error)
  }
}

/** Closes it so that it can be opened again at once, also in this process. */
export function closeDatabase(database: Database.Database): void {
  // Statements keep the connection and its lock until the garbage collector finds them; this gives the lock back before.
  database.pragma('journal_mode = DELETE')
  database.pragma('locking_mode = NORMAL')
  database.prepare('SELECT count(*) FROM sqlite_schema').get()
  database.close()
}

function prepare(database: Database.Database, directory: string, identity: ChainIdentity): void {
  const wanted = { format, ...identity }
  database.transaction(() => {
    const known = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get() as {
      n: number
    }
    if (known.n === 0) {
      database.exec(tables)
      const insert = database.prepare('INSERT INTO identity VALUES (?, ?)')
      for (const [name, value] of Object.entries(wanted)) insert.run(name, String(value))
      return
    }
    const rows = database.prepare('SELECT name, value FROM identity').all() as { name: string; value: string }[]
    const found = new Map(rows.map(({ name, value }) => [name, value]))
    for (const [field, value] of Object.entries(wanted)) {
      if (found.get(field) !== String(value))
        throw ofAnother(directory, field, found.get(field) ?? 'none', String(value))
    }
  })()
}

function ofAnother(directory: string, field: string, found: string, wanted: string): InputError {
  const mend = `it holds another chain: its ${field} is ${found}, this one's is ${wanted}; give another directory`
  return new InputError('data-dir', directory, mend)
}

function unusable(directory: string, cause: unknown): InputError {
  const isBusy = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')
  const mend = isBusy ? 'another localnet runs on it: stop that one, or give another directory' : messageOf(cause)
  return new InputError('data-dir', directory, mend, { cause })
}
