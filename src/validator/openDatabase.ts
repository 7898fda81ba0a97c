import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { messageOf } from '../base/errors.ts'
import { ValidatorError } from './validatorError.ts'

/** Whose scores a database holds. */
export interface DatabaseIdentity {
  /** Genesis hash of the chain, `0x` and 64 hex digits. */
  readonly genesis: string
  readonly netuid: number
  /** The validator's own. */
  readonly hotkey: string
}

/** Raised whenever a table changes. */
const format = 2

const tables = `
  CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE miners (
    hotkey TEXT PRIMARY KEY,
    domains TEXT NOT NULL,
    scored INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    fallen INTEGER
  ) STRICT;
  CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    hotkey TEXT NOT NULL,
    domain TEXT NOT NULL,
    round INTEGER NOT NULL,
    family TEXT NOT NULL,
    kind TEXT NOT NULL,
    score REAL NOT NULL,
    chance REAL NOT NULL,
    confidence REAL,
    lateness REAL,
    covert INTEGER NOT NULL,
    note TEXT
  ) STRICT;
  CREATE TABLE pairs (
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    evidence REAL NOT NULL,
    a_first INTEGER NOT NULL,
    b_first INTEGER NOT NULL,
    PRIMARY KEY (a, b)
  ) STRICT;
  CREATE TABLE weights (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    block INTEGER NOT NULL,
    uids TEXT NOT NULL,
    amounts TEXT NOT NULL,
    salt TEXT NOT NULL,
    version_key TEXT NOT NULL
  ) STRICT;
`

/**
 * Opens the database of one validator, or makes it. What a transaction has written is on the disk when it returns, so
 * neither a killed process nor a power cut takes it away. Nobody else can open it meanwhile.
 *
 * @throws ValidatorError `wrong-database`, `database-in-use`, `bad-database`
 */
export function openDatabase(path: string, identity: DatabaseIdentity): Database.Database {
  return open(path, (database) => prepare(database, path, identity))
}

/**
 * Opens a validator's database whosever it is, to look into it.
 *
 * @throws ValidatorError `database-in-use` while a validator runs on it, `wrong-database` for another release's, `bad-database`
 */
export function openAnyDatabase(path: string): { readonly database: Database.Database; readonly of: DatabaseIdentity } {
  // Opening would make one.
  if (!existsSync(path)) throw unusable(path, new Error('there is no such file'))
  let of: DatabaseIdentity | undefined
  const database = open(path, (opened) => {
    const found = readIdentity(opened)
    if (found.get('format') !== String(format)) {
      throw wrongDatabase(path, 'format', found.get('format') ?? 'none', String(format))
    }
    const text = (name: string): string => found.get(name) ?? ''
    of = { genesis: text('genesis'), netuid: Number(text('netuid')), hotkey: text('hotkey') }
  })
  return { database, of: of! }
}

function open(path: string, begin: (database: Database.Database) => void): Database.Database {
  let database: Database.Database | undefined
  let isOurs = false
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    database = new Database(path)
    // Two processes of one hotkey would commit twice; the lock goes with its process, however that ends.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    isOurs = true
    database.pragma('synchronous = FULL')
    begin(database)
    return database
  } catch (error) {
    if (isOurs) closeDatabase(database!)
    else database?.close()
    throw error instanceof ValidatorError ? error : unusable(path, error)
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

function prepare(database: Database.Database, path: string, identity: DatabaseIdentity): void {
  const wanted = { format: String(format), ...identity, netuid: String(identity.netuid) }
  database.transaction(() => {
    const known = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get() as {
      n: number
    }
    if (known.n === 0) {
      database.exec(tables)
      const insert = database.prepare('INSERT INTO identity VALUES (?, ?)')
      for (const [name, value] of Object.entries(wanted)) insert.run(name, value)
      return
    }
    const found = readIdentity(database)
    for (const [field, value] of Object.entries(wanted)) {
      if (found.get(field) !== value) throw wrongDatabase(path, field, found.get(field) ?? 'none', value)
    }
  })()
}

function readIdentity(database: Database.Database): Map<string, string> {
  const rows = database.prepare('SELECT name, value FROM identity').all() as { name: string; value: string }[]
  return new Map(rows.map(({ name, value }) => [name, value]))
}

function wrongDatabase(path: string, field: string, found: string, wanted: string): ValidatorError {
  return new ValidatorError(
    `${path} belongs to another validator: its ${field} is ${found}, this one's is ${wanted}`,
    { code: 'wrong-database', path, field },
    { mend: 'give another file with --db' },
  )
}

function unusable(path: string, cause: unknown): ValidatorError {
  if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
    return new ValidatorError(
      `${path} is in use by another process`,
      { code: 'database-in-use', path },
      { mend: 'one validator runs already with this hotkey: stop it, or give another file with --db', cause },
    )
  }
  return new ValidatorError(
    `${path} cannot be used as a database: ${messageOf(cause)}`,
    { code: 'bad-database', path },
    { mend: 'give a path that can be written with --db; a new file will be made', cause },
  )
}
