import { openAnsibleVault } from './ansibleVault.ts'
import { openLegacyFernet } from './legacyFernet.ts'
import { naclKey, openNacl, sealNacl } from './naclKeyfile.ts'

export type KeyfileEncryption = 'none' | 'nacl' | 'ansible-vault' | 'legacy-fernet'

const leads = { nacl: '$NACL', 'ansible-vault': '$ANSIBLE_VAULT', 'legacy-fernet': 'gAAAAA' } as const

/** How a keyfile is encrypted, told by its first bytes. @see facts: wallets.md, 3 */
export function encryptionOf(file: Uint8Array): KeyfileEncryption {
  const start = Buffer.from(file.subarray(0, 16)).toString('latin1')
  if (start.startsWith(leads.nacl)) return 'nacl'
  if (start.startsWith(leads['ansible-vault'])) return 'ansible-vault'
  return start.startsWith(leads['legacy-fernet']) ? 'legacy-fernet' : 'none'
}

/** In the current format, the only one written. @throws WalletError `key-derivation` */
export async function encryptKeyfile(plain: Uint8Array, password: string): Promise<Uint8Array> {
  return sealNacl(plain, await naclKey(password))
}

/**
 * The plain keyfile; a file that is not encrypted is returned as it is. Undefined when the password does not fit, which
 * a damaged file looks like too.
 *
 * @throws WalletError `key-derivation`
 */
export async function decryptKeyfile(file: Uint8Array, password: string): Promise<Uint8Array | undefined> {
  const encryption = encryptionOf(file)
  switch (encryption) {
    case 'none':
      return file
    case 'nacl':
      return openNacl(file, await naclKey(password))
    case 'ansible-vault':
      return await openAnsibleVault(file, password)
    case 'legacy-fernet':
      return await openLegacyFernet(file, password)
  }
}
