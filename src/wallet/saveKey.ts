import type { PublicIdentity } from './keyfile.ts'
import { encryptKeyfile } from './keyfileCipher.ts'
import { type NewKey, publicKeyfile } from './newKey.ts'
import { readPlainKeyfile } from './openKeyfile.ts'
import { findNewPassword, type PasswordOptions } from './password.ts'
import { existsError, readWalletFile, removeWalletFile, writeWalletFile } from './walletFile.ts'

export interface SaveOptions extends PasswordOptions {
  /** Whether the secret file is encrypted. */
  readonly encrypt?: boolean
  /** Replace other keys under these names; their secrets are lost. Default false. */
  readonly overwrite?: boolean
}

export interface KeyPaths {
  readonly secret: string
  readonly public: string
}

/**
 * Writes a key's two files, the secret one first. A public file of the same key may lie there already.
 *
 * @throws WalletError `exists`, `locked`, `bad-password`, `bad-keyfile`, `disk`, `key-derivation`
 */
export async function saveKey(paths: KeyPaths, key: NewKey, encrypt: boolean, options: SaveOptions): Promise<void> {
  const overwrite = options.overwrite ?? false
  if (!overwrite) {
    // Before the password is asked for and the seconds of its derivation are spent; the write itself decides.
    if ((await readWalletFile(paths.secret)) !== undefined) throw existsError(paths.secret)
    await requireSameOrNone(paths.public, key.pair)
  }
  const plain = new TextEncoder().encode(key.keyfile.reveal())
  const file = encrypt ? await encryptKeyfile(plain, await findNewPassword(paths.secret, options)) : plain
  // A public file left over from another key would send funds to an address whose secret is gone.
  if (overwrite) await removeWalletFile(paths.public)
  await writeWalletFile(paths.secret, file, overwrite)
  await writeWalletFile(paths.public, publicKeyfile(key.pair), true)
}

/** @throws WalletError `exists` when another key's public file lies at `path` */
export async function requireSameOrNone(path: string, key: PublicIdentity): Promise<void> {
  const existing = await readPlainKeyfile(path)
  if (existing !== undefined && existing.address !== key.address) throw existsError(path)
}
