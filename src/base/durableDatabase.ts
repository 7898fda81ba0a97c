import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'

/** Why a database could not be opened. */
export type DatabaseTrouble =
  | { readonly kind: 'another'; readonly field: string; readonly found: string; readonly wanted: string }
  | { readonly kind: 'busy' | 'unusable'; readonly cause: unknown }

/** What a database holds. */
export interface DatabaseOptions {
  /** SQL that makes the tables of a new one; `identity` is there already. */
  readonly tables: string
  /** What it belongs to, the format of its tables among it. One that was made for something else is not opened. */
  readonly identity: Readonly<Record<string, string | number>>
  /** Permissions of folders that are made for it. */
  readonly folderMode?: number
  /** The error for a trouble. */
  readonly fail: (trouble: DatabaseTrouble) => Error
}

/**
 * Opens a database, or makes it with its folder. What a transaction has written is on the disk when it returns (WAL,
 * synchronous FULL), so neither a killed process nor a power cut takes it away. Nobody else can open it meanwhile; the
 * lock goes with its process, however that ends.
 *
 * @throws what `fail` makes of the trouble
 */
export function openDurableDatabase(path: string, options: DatabaseOptions): Database.Database {
  const { folderMode, fail } = options
  let database: Database.Database | undefined
  let isOurs = false
  let trouble: DatabaseTrouble | undefined
  try {
    mkdirSync(dirname(path), { recursive: true, ...(folderMode === undefined ? {} : { mode: folderMode }) })
    database = new Database(path)
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    isOurs = true
    database.pragma('synchronous = FULL')
    trouble = prepare(database, options)
    if (trouble === undefined) return database
  } catch (cause) {
    trouble = { kind: isBusy(cause) ? 'busy' : 'unusable', cause }
  }
  if (isOurs) closeDurableDatabase(database!)
  else database?.close()
  throw fail(trouble)
}

/** Closes it so that it can be opened again at once, also in this process. */
export function closeDurableDatabase(database: Database.Database): void {
  // Statements keep the connection and its lock until the garbage collector finds them; this gives the lock back before.
  database.pragma('journal_mode = DELETE')
  database.pragma('locking_mode = NORMAL')
  database.prepare('SELECT count(*) FROM sqlite_schema').get()
  database.close()
}

/** Makes the tables of a new database, or looks whose an old one is. */
function prepare(database: Database.Database, { tables, identity }: DatabaseOptions): DatabaseTrouble | undefined {
  return database.transaction((): DatabaseTrouble | undefined => {
    const known = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get() as {
      n: number
    }
    if (known.n === 0) {
      database.exec(`CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT; ${tables}`)
      const insert = database.prepare('INSERT INTO identity VALUES (?, ?)')
      for (const [name, value] of Object.entries(identity)) insert.run(name, String(value))
      return undefined
    }
    const rows = database.prepare('SELECT name, value FROM identity').all() as { name: string; value: string }[]
    const held = new Map(rows.map(({ name, value }) => [name, value]))
    for (const [field, value] of Object.entries(identity)) {
      const [found, wanted] = [held.get(field) ?? 'none', String(value)]
      if (found !== wanted) return { kind: 'another', field, found, wanted }
    }
    return undefined
  })()
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}
