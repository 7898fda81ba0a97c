import type Database from 'libsql'

/** Single values by name, beside the tables. */
export interface Notes {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

export function openNotes(database: Database.Database): Notes {
  const read = database.prepare('SELECT value FROM notes WHERE name = ?')
  const write = database.prepare(
    'INSERT INTO notes VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value',
  )
  return {
    get: (name) => (read.get(name) as { value: string } | undefined)?.value,
    set: (name, value) => {
      write.run(name, value)
    },
  }
}
