import { join } from 'node:path'
import type Database from 'libsql'
import { type DatabaseTrouble, openDurableDatabase } from '../../base/durableDatabase.ts'
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
  CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE blocks (number INTEGER PRIMARY KEY, timestampMs INTEGER NOT NULL, block BLOB NOT NULL, undo BLOB) STRICT;
`

/**
 * Opens the database of a chain's directory, or makes it.
 *
 * @throws InputError for a directory of another chain or release, in use, or that cannot be written
 */
export function openDatabase(directory: string, identity: ChainIdentity): Database.Database {
  return openDurableDatabase(join(directory, 'chain.db'), {
    tables,
    identity: { format, ...identity },
    fail: (trouble) => errorOf(directory, trouble),
  })
}

function errorOf(directory: string, trouble: DatabaseTrouble): InputError {
  if (trouble.kind === 'another') {
    const { field, found, wanted } = trouble
    const mend = `it holds another chain: its ${field} is ${found}, this one's is ${wanted}; give another directory`
    return new InputError('data-dir', directory, mend)
  }
  const { kind, cause } = trouble
  const mend =
    kind === 'busy' ? 'another localnet runs on it: stop that one, or give another directory' : messageOf(cause)
  return new InputError('data-dir', directory, mend, { cause })
}
