import type Database from 'libsql'
import { openNotes } from './notes.ts'
import type { WeightsDraft, WeightsRow, WeightsState } from './weightsRow.ts'

/** Weights sent and about to be sent. What a function here has done is on the disk when it returns. */
export interface WeightsTable {
  /** Newest first; old ones are forgotten. */
  readonly rows: readonly WeightsRow[]
  /** How many were revealed or set, ever. */
  readonly done: number
  /** Writes them down as `sending`. */
  add(draft: WeightsDraft): WeightsRow
  /** @param known what has been learnt since it was written down */
  setState(id: number, state: WeightsState, known?: { readonly epoch?: number; readonly block?: number }): void
  /** Drops all rows, not the count: for a chain that has begun anew. */
  forget(): void
}

const keptRows = 200

export function openWeightsTable(database: Database.Database): WeightsTable {
  const insert = database.prepare(
    'INSERT INTO weights (kind, state, epoch, block, uids, amounts, salt, version_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const update = database.prepare(
    'UPDATE weights SET state = ?, epoch = coalesce(?, epoch), block = coalesce(?, block) WHERE id = ?',
  )
  const select = database.prepare('SELECT * FROM weights ORDER BY id DESC')
  const prune = database.prepare('DELETE FROM weights WHERE id <= ?')
  const notes = openNotes(database)
  const read = (): WeightsRow[] => (select.all() as RawWeights[]).map(weightsOf)
  let rows = read()
  let done = Number(notes.get('done') ?? 0)
  return {
    get rows() {
      return rows
    },
    get done() {
      return done
    },
    add({ kind, epoch, block, uids, values, salt, versionKey }) {
      const lists = [uids, values, salt].map((list) => JSON.stringify(list))
      database.transaction(() => {
        const { lastInsertRowid } = insert.run(kind, 'sending', epoch, block, ...lists, String(versionKey))
        prune.run(Number(lastInsertRowid) - keptRows)
      })()
      rows = read()
      return rows[0]!
    },
    setState(id, state, known = {}) {
      const isFirstTime = rows.some((row) => row.id === id && row.state !== 'done')
      const after = done + (state === 'done' && isFirstTime ? 1 : 0)
      database.transaction(() => {
        update.run(state, known.epoch ?? null, known.block ?? null, id)
        notes.set('done', String(after))
      })()
      done = after
      rows = read()
    },
    forget() {
      database.exec('DELETE FROM weights')
      rows = []
    },
  }
}

interface RawWeights {
  readonly id: number
  readonly kind: WeightsRow['kind']
  readonly state: WeightsState
  readonly epoch: number
  readonly block: number
  readonly uids: string
  readonly amounts: string
  readonly salt: string
  readonly version_key: string
}

function weightsOf({ id, kind, state, epoch, block, uids, amounts, salt, version_key }: RawWeights): WeightsRow {
  const numbers = (text: string): number[] => JSON.parse(text) as number[]
  const lists = { uids: numbers(uids), values: numbers(amounts), salt: numbers(salt) }
  return { id, kind, state, epoch, block, ...lists, versionKey: BigInt(version_key) }
}
