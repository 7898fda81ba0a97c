import { generateMnemonic } from '../keys/mnemonic.ts'
import { Secret } from '../keys/secret.ts'
import type { CreatedKey, CreateOptions } from './createColdkey.ts'
import { regenHotkey } from './regenHotkey.ts'
import type { HotkeyPlace } from './walletPaths.ts'

/**
 * Creates a hotkey from a new phrase of 12 words, independent of the coldkey; plain unless `encrypt` is true.
 *
 * @throws WalletError `bad-name`, `exists`, `locked`, `bad-password`, `disk`, `key-derivation`
 */
export async function createHotkey(options: HotkeyPlace & CreateOptions = {}): Promise<CreatedKey> {
  const mnemonic = await generateMnemonic(options.words)
  const { address } = await regenHotkey({ mnemonic }, options)
  return { address, mnemonic: new Secret(mnemonic) }
}
