import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FacultyError } from '../base/errors.ts'
import { encryptionOf } from './keyfileCipher.ts'
import { readPlainKeyfile } from './openKeyfile.ts'
import { WalletError } from './walletError.ts'
import { readWalletFile } from './walletFile.ts'
import { walletsFolder } from './walletPaths.ts'

export interface ListedKey {
  readonly name: string
  /** Undefined when only an encrypted file, or none that can be read, is there. */
  readonly address: string | undefined
  /** What is on disk of the secret half. */
  readonly secret: 'absent' | 'plain' | 'encrypted' | 'unreadable'
  /** Why a file cannot be read; the rest of the list does not suffer from it. */
  readonly problem: string | undefined
}

export interface ListedWallet {
  readonly name: string
  readonly coldkey: ListedKey
  readonly hotkeys: readonly ListedKey[]
}

const publicEnd = 'pub.txt'

/**
 * All wallets under a folder (default Bittensor's own), by name, without any password. A missing folder has none.
 *
 * @throws WalletError `disk`
 */
export async function listWallets(path?: string): Promise<ListedWallet[]> {
  const folder = walletsFolder(path)
  return await Promise.all(
    (await namesIn(folder, 'folders')).map(async (name) => ({
      name,
      coldkey: await listedKey('coldkey', join(folder, name, 'coldkey'), join(folder, name, 'coldkeypub.txt')),
      hotkeys: await listedHotkeys(join(folder, name, 'hotkeys')),
    })),
  )
}

async function listedHotkeys(folder: string): Promise<ListedKey[]> {
  const files = await namesIn(folder, 'files')
  // `Xpub.txt` belongs to the hotkey X, whether or not its secret is on this machine.
  const names = new Set(files.map((file) => (file.endsWith(publicEnd) ? file.slice(0, -publicEnd.length) : file)))
  return await Promise.all(
    [...names].map((name) => listedKey(name, join(folder, name), join(folder, `${name}${publicEnd}`))),
  )
}

async function listedKey(name: string, secretPath: string, publicPath: string): Promise<ListedKey> {
  let secret: ListedKey['secret'] = 'unreadable'
  try {
    const file = await readWalletFile(secretPath)
    secret = file === undefined ? 'absent' : encryptionOf(file) === 'none' ? 'plain' : 'encrypted'
    const keyfile = (await readPlainKeyfile(secretPath)) ?? (await readPlainKeyfile(publicPath))
    return { name, address: keyfile?.address, secret, problem: undefined }
  } catch (error) {
    if (!(error instanceof FacultyError)) throw error
    return { name, address: undefined, secret, problem: error.explanation }
  }
}

async function namesIn(folder: string, kind: 'folders' | 'files'): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => !entry.name.startsWith('.'))
      .filter((entry) => entry.isSymbolicLink() || (kind === 'folders' ? entry.isDirectory() : entry.isFile()))
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return []
    if (errno === undefined) throw error
    throw new WalletError(
      `${folder} cannot be listed: ${errno}`,
      { code: 'disk', path: folder, errno },
      { cause: error },
    )
  }
}
