import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { InputError, messageOf } from '../../base/errors.ts'

/** What was read of one block of another chain, on disk. A block's state never changes, so it is good for ever. */
export interface ForkCache {
  /** The value, null where it is known that there is none, undefined where nothing is known. */
  get(key: string): Uint8Array | null | undefined
  /** Keys that begin with a prefix, ascending. All of them, where the prefix lies within a known one. */
  keys(prefix: string): string[]
  /** Prefixes of which every key is here. */
  readonly prefixes: ReadonlySet<string>
  /** @param prefix is known completely from now on */
  put(entries: Iterable<readonly [string, Uint8Array | null]>, prefix?: string): void
  /** JSON that belongs to the block. */
  note(): string | undefined
  setNote(text: string): void
  close(): void
}

/** Raised whenever a table changes. */
const format = 1

const tables = `
  CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS prefixes (prefix BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
`

/**
 * Opens the cache of one block, or makes it.
 *
 * @param directory of all caches
 * @throws InputError where it cannot be written
 */
export function openForkCache(directory: string, blockHash: string): ForkCache {
  const database = open(directory, `${blockHash.slice(2)}.v${format}.db`)
  const known = new Map<string, Uint8Array | null>()
  const prefixes = new Set<string>()
  for (const row of database.prepare('SELECT prefix FROM prefixes').all()) {
    prefixes.add(hexOf(new Uint8Array((row as { prefix: ArrayBuffer }).prefix)))
  }
  const read = database.prepare('SELECT value FROM entries WHERE key = ?')
  const readKeys = database.prepare(
    'SELECT key FROM entries WHERE key >= ? AND key < ? AND value IS NOT NULL ORDER BY key',
  )
  const writeEntry = database.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?)')
  const writePrefix = database.prepare('INSERT OR REPLACE INTO prefixes VALUES (?)')
  const readNote = database.prepare("SELECT value FROM notes WHERE name = 'block'")
  const writeNote = database.prepare("INSERT OR REPLACE INTO notes VALUES ('block', ?)")
  return {
    prefixes,
    get: (key) => {
      const inMemory = known.get(key)
      if (inMemory !== undefined) return inMemory
      const row = read.get([keyBytes(key)]) as { value: Uint8Array | null } | undefined
      if (row === undefined) return undefined
      const value = row.value === null ? null : Uint8Array.from(row.value)
      known.set(key, value)
      return value
    },
    keys: (prefix) =>
      readKeys
        .all(keyBytes(prefix), after(prefix))
        .map((row) => hexOf(new Uint8Array((row as { key: ArrayBuffer }).key))),
    put: database.transaction((entries, prefix) => {
      for (const [key, value] of entries) {
        writeEntry.run(keyBytes(key), value === null ? null : Buffer.from(value))
        known.set(key, value)
      }
      if (prefix === undefined) return
      writePrefix.run([keyBytes(prefix)])
      prefixes.add(prefix)
    }) as ForkCache['put'],
    note: () => (readNote.get() as { value: string } | undefined)?.value,
    setNote: (text) => void writeNote.run(text),
    close: () => void database.close(),
  }
}

function open(directory: string, file: string): Database.Database {
  try {
    mkdirSync(directory, { recursive: true })
    const database = new Database(join(directory, file))
    // Losing the last writes in a power cut costs reading them again, no more.
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.exec(tables)
    return database
  } catch (error) {
    throw new InputError('fork-cache', directory, messageOf(error), { cause: error })
  }
}

const keyBytes = (key: string): Buffer => Buffer.from(key.slice(2), 'hex')
const hexOf = (key: Uint8Array): string => `0x${Buffer.from(key).toString('hex')}`

/** The first byte string behind all that begin with a prefix. */
function after(prefix: string): Buffer {
  const bytes = keyBytes(prefix)
  const last = bytes.findLastIndex((byte) => byte < 0xff)
  // Storage keys are far shorter.
  if (last === -1) return Buffer.alloc(1_024, 0xff)
  const end = Buffer.from(bytes.subarray(0, last + 1))
  end[last]!++
  return end
}
