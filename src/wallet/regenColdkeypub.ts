import type { KeyType } from '../keys/keyPair.ts'
import { decodeAddress, encodeAddress } from '../keys/ss58.ts'
import type { PublicIdentity } from './keyfile.ts'
import { publicKeyfile } from './newKey.ts'
import { requireSameOrNone } from './saveKey.ts'
import { writeWalletFile } from './walletFile.ts'
import { coldkeyPaths, type WalletPlace } from './walletPaths.ts'

/**
 * Writes `coldkeypub.txt` alone: what a machine that mines or validates has of its coldkey.
 *
 * @param address SS58, of any prefix
 * @throws KeyError `bad-address`; WalletError `bad-name`, `exists`, `disk`
 */
export async function regenColdkeypub(
  address: string,
  options: WalletPlace & { readonly overwrite?: boolean; readonly type?: KeyType } = {},
): Promise<PublicIdentity> {
  const { coldkeypub } = coldkeyPaths(options)
  const { publicKey } = decodeAddress(address)
  const key: PublicIdentity = { address: encodeAddress(publicKey), publicKey, type: options.type ?? 'sr25519' }
  if (options.overwrite !== true) await requireSameOrNone(coldkeypub, key)
  await writeWalletFile(coldkeypub, publicKeyfile(key), true)
  return key
}
