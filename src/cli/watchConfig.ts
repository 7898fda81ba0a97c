import { unwatchFile, watchFile } from 'node:fs'

export interface WatchOptions {
  readonly path: string
  /** Whether SIGHUP is a word to this program; without it a terminal that is closed ends the program, as ever. */
  readonly onHangup: boolean
  readonly onChange: () => void
}

const lookMs = 1_000

/**
 * Tells of each change of a file, and of SIGHUP. The file is looked at by name, since editors and deployments put a new file
 * in the place of the old one.
 *
 * @returns ends the watch
 */
export function watchConfig({ path, onHangup, onChange }: WatchOptions): () => void {
  const onLook = (now: { mtimeMs: number; ino: number }, before: { mtimeMs: number; ino: number }): void => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) onChange()
  }
  watchFile(path, { interval: lookMs, persistent: false }, onLook)
  if (onHangup) process.on('SIGHUP', onChange)
  return () => {
    unwatchFile(path, onLook)
    if (onHangup) process.off('SIGHUP', onChange)
  }
}
