import type { KeyType } from '../keys/keyPair.ts'
import { generateMnemonic, type MnemonicLength } from '../keys/mnemonic.ts'
import { Secret } from '../keys/secret.ts'
import { regenColdkey } from './regenColdkey.ts'
import type { SaveOptions } from './saveKey.ts'
import type { WalletPlace } from './walletPaths.ts'

export interface CreateOptions extends SaveOptions {
  readonly words?: MnemonicLength
  readonly type?: KeyType
}

export interface CreatedKey {
  readonly address: string
  /** To be shown once, and written down by its owner. */
  readonly mnemonic: Secret<string>
}

/**
 * Creates a coldkey from a new phrase of 12 words; encrypted unless `encrypt` is false.
 *
 * @throws WalletError `bad-name`, `exists`, `locked`, `bad-password`, `disk`, `key-derivation`
 */
export async function createColdkey(options: WalletPlace & CreateOptions = {}): Promise<CreatedKey> {
  const mnemonic = await generateMnemonic(options.words)
  const { address } = await regenColdkey({ mnemonic }, options)
  return { address, mnemonic: new Secret(mnemonic) }
}
