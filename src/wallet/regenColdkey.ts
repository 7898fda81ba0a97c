import type { KeyType } from '../keys/keyPair.ts'
import type { PublicIdentity } from './keyfile.ts'
import { type KeySource, makeKey } from './newKey.ts'
import { type SaveOptions, saveKey } from './saveKey.ts'
import { coldkeyPaths, type WalletPlace } from './walletPaths.ts'

/**
 * Writes `coldkey` and `coldkeypub.txt` from a phrase, seed or URI; encrypted unless `encrypt` is false.
 *
 * @throws KeyError for a bad source; WalletError `bad-name`, `exists`, `locked`, `bad-password`, `disk`
 */
export async function regenColdkey(
  source: KeySource,
  options: WalletPlace & SaveOptions & { readonly type?: KeyType } = {},
): Promise<PublicIdentity> {
  const { coldkey, coldkeypub } = coldkeyPaths(options)
  const key = await makeKey(source, options.type)
  await saveKey({ secret: coldkey, public: coldkeypub }, key, options.encrypt ?? true, options)
  return { address: key.pair.address, publicKey: key.pair.publicKey, type: key.pair.type }
}
