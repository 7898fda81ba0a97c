import { type Keyfile, parseKeyfile } from './keyfile.ts'
import { decryptKeyfile, encryptionOf } from './keyfileCipher.ts'
import { type FoundPassword, findPassword, type PasswordOptions } from './password.ts'
import { WalletError } from './walletError.ts'
import { readWalletFile } from './walletFile.ts'

/**
 * Reads a keyfile and decrypts it where it is encrypted; undefined when there is no such file.
 *
 * @throws WalletError `locked`, `wrong-password`, `bad-password`, `bad-keyfile`, `disk`
 */
export async function openKeyfile(path: string, options: PasswordOptions): Promise<Keyfile | undefined> {
  const file = await readWalletFile(path)
  if (file === undefined) return undefined
  if (encryptionOf(file) === 'none') return await parseKeyfile(file, path)
  const found = await findPassword(path, options)
  const plain = await decryptKeyfile(file, found.password)
  if (plain === undefined) throw wrongPassword(path, found)
  return await parseKeyfile(plain, path)
}

/** What a keyfile says without its password: undefined when it is absent or encrypted. */
export async function readPlainKeyfile(path: string): Promise<Keyfile | undefined> {
  const file = await readWalletFile(path)
  return file === undefined || encryptionOf(file) !== 'none' ? undefined : await parseKeyfile(file, path)
}

function wrongPassword(path: string, { source }: FoundPassword): WalletError {
  const from = { argument: 'given', prompt: 'typed', file: 'from the file' } as const
  const which = source === 'argument' || source === 'prompt' || source === 'file' ? from[source] : `from ${source}`
  return new WalletError(
    `the password ${which} does not open ${path}`,
    { code: 'wrong-password', path, source },
    { mend: 'give the password that the key was encrypted with; a damaged file looks the same' },
  )
}
