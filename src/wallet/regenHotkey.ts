import type { KeyType } from '../keys/keyPair.ts'
import type { PublicIdentity } from './keyfile.ts'
import { type KeySource, makeKey } from './newKey.ts'
import { type SaveOptions, saveKey } from './saveKey.ts'
import { type HotkeyPlace, hotkeyPaths } from './walletPaths.ts'

/**
 * Writes `hotkeys/HOTKEY` and `HOTKEYpub.txt` from a phrase, seed or URI; plain unless `encrypt` is true, since a miner
 * must start without a person.
 *
 * @throws KeyError for a bad source; WalletError `bad-name`, `exists`, `locked`, `bad-password`, `disk`
 */
export async function regenHotkey(
  source: KeySource,
  options: HotkeyPlace & SaveOptions & { readonly type?: KeyType } = {},
): Promise<PublicIdentity> {
  const { hotkey, hotkeypub } = hotkeyPaths(options)
  const key = await makeKey(source, options.type)
  await saveKey({ secret: hotkey, public: hotkeypub }, key, options.encrypt ?? false, options)
  return { address: key.pair.address, publicKey: key.pair.publicKey, type: key.pair.type }
}
