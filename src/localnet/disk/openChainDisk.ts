import type Database from 'libsql'
import { closeDurableDatabase } from '../../base/durableDatabase.ts'
import { InputError } from '../../base/errors.ts'
import { type Block, pack, unpack } from '../blocks.ts'
import type { ChainDisk, ChainStart, LaterBlock, Replaced } from '../chainData.ts'
import { bytes, decode, encode, option, tuple, vec } from '../scale/types.ts'
import { type ChainIdentity, openDatabase } from './openDatabase.ts'

/** Blocks before the newest one whose state can be read after a restart: as many as the chain remembers hashes of. */
const restartBlocks = 2_400

/** Keys that a block changed with what they held before. */
const undoType = vec(tuple(bytes, option(bytes)))

interface BlockRow {
  readonly number: number
  readonly timestampMs: number
  readonly block: Uint8Array
  /** Null for a block whose state before it is not known. */
  readonly undo: Uint8Array | null
}

export interface OpenedDisk {
  readonly disk: ChainDisk
  /** Where the chain goes on. */
  readonly start: ChainStart
}

/**
 * Opens a chain's directory. Each block is one transaction: the chain on disk is always that after some block, whenever
 * the process ends.
 *
 * @param first what a new directory begins with
 * @param options.keepBlocks blocks behind the newest one that are kept
 * @throws InputError for a directory that cannot be used, or that holds another chain
 */
export function openChainDisk(
  directory: string,
  identity: ChainIdentity,
  first: ChainStart,
  options: { keepBlocks: number },
): OpenedDisk {
  const database = openDatabase(directory, identity)
  try {
    const disk = makeDisk(database, options)
    const isNew = database.prepare('SELECT count(*) AS n FROM blocks').get() as { n: number }
    if (isNew.n === 0) disk.replace(first)
    return { disk, start: readStart(database, directory) }
  } catch (error) {
    closeDurableDatabase(database)
    throw error
  }
}

function makeDisk(database: Database.Database, { keepBlocks }: { keepBlocks: number }): ChainDisk {
  const setValue = database.prepare(
    'INSERT INTO state VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value',
  )
  const removeKey = database.prepare('DELETE FROM state WHERE key = ?')
  const putBlock = database.prepare('INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?)')
  const keepBlock = database.prepare('INSERT OR IGNORE INTO blocks VALUES (?, ?, ?, NULL)')
  // More than one where fewer are kept than before.
  const dropUntil = database.prepare('DELETE FROM blocks WHERE number > 0 AND number <= ?')
  const dropLater = database.prepare('DELETE FROM blocks WHERE number > ?')
  const newest = database.prepare('SELECT number, undo FROM blocks ORDER BY number DESC LIMIT 1')
  const setUndo = database.prepare('UPDATE blocks SET undo = ? WHERE number = ?')
  const write = (replaced: readonly Replaced[]): void => {
    for (const { key, after } of replaced) {
      // A lone Buffer would be taken for an object of named parameters.
      if (after === null) removeKey.run([keyBytes(key)])
      else setValue.run(keyBytes(key), Buffer.from(after))
    }
  }
  return {
    append: database.transaction((block, timestampMs, given) => {
      const { number } = block.header
      const replaced = given.filter(isChange)
      write(replaced)
      putBlock.run(number, timestampMs, Buffer.from(pack(block)), undoOf(replaced))
      dropUntil.run(number - keepBlocks - 1)
    }) as ChainDisk['append'],
    amend: database.transaction((given) => {
      const replaced = given.filter(isChange)
      write(replaced)
      const { number, undo } = newest.get() as Pick<BlockRow, 'number' | 'undo'>
      if (undo !== null) setUndo.run(extended(undo, replaced), number)
    }) as ChainDisk['amend'],
    rewind: database.transaction((head, timestampMs, replaced) => {
      write(replaced)
      dropLater.run(head.header.number)
      keepBlock.run(head.header.number, timestampMs, Buffer.from(pack(head)))
    }) as ChainDisk['rewind'],
    replace: database.transaction(({ genesis, head, timestampMs, state }) => {
      database.exec('DELETE FROM state; DELETE FROM blocks')
      for (const [key, value] of state) if (value !== null) setValue.run(keyBytes(key), Buffer.from(value))
      putBlock.run(0, 0, Buffer.from(pack(genesis)), null)
      if (head.header.number > 0) putBlock.run(head.header.number, timestampMs, Buffer.from(pack(head)), null)
    }) as ChainDisk['replace'],
    close: () => closeDurableDatabase(database),
  }
}

function readStart(database: Database.Database, directory: string): ChainStart {
  const state = new Map<string, Uint8Array>()
  for (const row of database.prepare('SELECT key, value FROM state').iterate()) {
    const { key, value } = row as { key: ArrayBuffer; value: ArrayBuffer }
    state.set(hexOf(new Uint8Array(key)), new Uint8Array(value))
  }
  const rowAt = database.prepare('SELECT number, timestampMs, block, undo FROM blocks WHERE number = ?')
  const newest = database.prepare('SELECT max(number) AS number FROM blocks').get() as { number: number }
  const read = (number: number): BlockRow | undefined => rowAt.get(number) as BlockRow | undefined
  const genesis = read(0)
  let row = read(newest.number)
  if (genesis === undefined || row === undefined) {
    throw new InputError('data-dir', directory, 'its blocks are not all there: give another directory')
  }
  const later: LaterBlock[] = []
  // Back through what each block replaced, to the oldest state that is wanted.
  for (let before = read(row.number - 1); row.undo !== null && before !== undefined; before = read(row.number - 1)) {
    if (later.length === restartBlocks) break
    later.push({ block: blockOf(row), timestampMs: row.timestampMs, changes: takeBack(state, row.undo) })
    row = before
  }
  return {
    genesis: blockOf(genesis),
    head: blockOf(row),
    timestampMs: row.timestampMs,
    state,
    later: later.reverse(),
  }
}

/** A Buffer's slices are views: blocks live longer than their rows. */
function blockOf({ block }: BlockRow): Block {
  return unpack(Uint8Array.from(block))
}

/** Makes the state that before a block. @returns the block's changes */
function takeBack(state: Map<string, Uint8Array>, undo: Uint8Array): Map<string, Uint8Array | null> {
  const changes = new Map<string, Uint8Array | null>()
  for (const [keyOf, before] of decode(undoType, Uint8Array.from(undo))) {
    const key = hexOf(keyOf)
    changes.set(key, state.get(key) ?? null)
    if (before === undefined) state.delete(key)
    else state.set(key, before)
  }
  return changes
}

function isChange({ before, after }: Replaced): boolean {
  if (before === undefined || after === null) return (before === undefined) !== (after === null)
  return Buffer.compare(before, after) !== 0
}

function undoOf(replaced: readonly Replaced[]): Buffer {
  return Buffer.from(
    encode(
      undoType,
      replaced.map(({ key, before }) => [keyBytes(key), before]),
    ),
  )
}

/** What a block changed itself has its old value there already. */
function extended(undo: Uint8Array, replaced: readonly Replaced[]): Buffer {
  const known = decode(undoType, undo)
  const keys = new Set(known.map(([key]) => hexOf(key)))
  const added = replaced
    .filter(({ key }) => !keys.has(key))
    .map(({ key, before }): (typeof known)[number] => [keyBytes(key), before])
  return Buffer.from(encode(undoType, [...known, ...added]))
}

const keyBytes = (key: string): Buffer => Buffer.from(key.slice(2), 'hex')
const hexOf = (key: Uint8Array): string => `0x${Buffer.from(key).toString('hex')}`
