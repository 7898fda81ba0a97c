import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WalletError } from './walletError.ts'

/** The file's bytes, or undefined when there is none. @throws WalletError `disk` */
export async function readWalletFile(path: string): Promise<Uint8Array | undefined> {
  return await onDisk(path, async () => {
    try {
      return await readFile(path)
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined
      throw error
    }
  })
}

/**
 * Writes a file that only its owner may read (0600; new folders 0700), all of it or nothing: into a temporary file
 * beside it, to the disk, then under its name in one step. Unless `overwrite`, an existing file wins any race.
 *
 * @throws WalletError `exists`, `disk`
 */
export async function writeWalletFile(path: string, data: Uint8Array | string, overwrite: boolean): Promise<void> {
  await onDisk(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
    try {
      await writeDurably(temporary, data)
      if (overwrite) await rename(temporary, path)
      else await publish(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  })
}

/** Removes the file, if it is there. @throws WalletError `disk` */
export async function removeWalletFile(path: string): Promise<void> {
  await onDisk(path, () => rm(path, { force: true }))
}

/** Says that a key would be lost. */
export function existsError(path: string): WalletError {
  return new WalletError(
    `${path} exists already`,
    { code: 'exists', path },
    { mend: 'choose another name, or pass --overwrite if that key is no longer needed; its funds go with it' },
  )
}

async function writeDurably(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(data)
    // The umask may have taken bits away, but never added any; Bittensor sets exactly these.
    await file.chmod(0o600)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Gives the file its name; a hard link fails where the name is taken, which a rename does not. */
async function publish(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
  } catch (error) {
    throw errnoOf(error) === 'EEXIST' ? existsError(path) : error
  }
}

async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    throw new WalletError(
      `${path}: the disk says ${errno}`,
      { code: 'disk', path, errno },
      { mend: 'see that the folder exists, is yours and has room', cause: error },
    )
  }
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
