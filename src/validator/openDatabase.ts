import { existsSync } from 'node:fs'
import type Database from 'libsql'
import { closeDurableDatabase, type DatabaseTrouble, openDurableDatabase } from '../base/durableDatabase.ts'
import { messageOf } from '../base/errors.ts'
import { trafficTables } from './traffic/trafficTable.ts'
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

const tables = `${trafficTables}
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
 * Opens the database of one validator, or makes it: two processes of one hotkey would commit twice.
 *
 * @throws ValidatorError `wrong-database`, `database-in-use`, `bad-database`
 */
export function openDatabase(path: string, identity: DatabaseIdentity): Database.Database {
  return openDurableDatabase(path, {
    tables,
    identity: { format, ...identity },
    folderMode: 0o700,
    fail: (trouble) => errorOf(path, trouble),
  })
}

/**
 * Opens a validator's database whosever it is, to look into it.
 *
 * @throws ValidatorError `database-in-use` while a validator runs on it, `wrong-database` for another release's, `bad-database`
 */
export function openAnyDatabase(path: string): { readonly database: Database.Database; readonly of: DatabaseIdentity } {
  // Opening would make one.
  if (!existsSync(path)) throw errorOf(path, { kind: 'unusable', cause: new Error('there is no such file') })
  const fail = (trouble: DatabaseTrouble): ValidatorError => errorOf(path, trouble)
  const database = openDurableDatabase(path, { tables: '', identity: { format }, fail })
  const rows = database.prepare('SELECT name, value FROM identity').all() as { name: string; value: string }[]
  const { genesis, netuid, hotkey } = Object.fromEntries(rows.map(({ name, value }) => [name, value]))
  if (genesis === undefined || netuid === undefined || hotkey === undefined) {
    // It was empty, as a validator leaves it that is killed at its first start, and is to be so again.
    database.exec('DROP TABLE identity')
    closeDurableDatabase(database)
    throw errorOf(path, { kind: 'unusable', cause: new Error('it is empty') })
  }
  return { database, of: { genesis, netuid: Number(netuid), hotkey } }
}

function errorOf(path: string, trouble: DatabaseTrouble): ValidatorError {
  if (trouble.kind === 'another') {
    const { field, found, wanted } = trouble
    return new ValidatorError(
      `${path} belongs to another validator: its ${field} is ${found}, this one's is ${wanted}`,
      { code: 'wrong-database', path, field },
      { mend: 'give another file with --db' },
    )
  }
  const { kind, cause } = trouble
  if (kind === 'busy') {
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
