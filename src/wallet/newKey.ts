import { pairFromSeed, pairFromUri } from '../keys/derive.ts'
import { fromHex, type Hex, toHex } from '../keys/hex.ts'
import type { KeyPair, KeyType } from '../keys/keyPair.ts'
import { miniSecretOf } from '../keys/mnemonic.ts'
import { Secret } from '../keys/secret.ts'
import { canonicalSecret } from '../keys/sr25519.ts'
import type { PublicIdentity } from './keyfile.ts'

/** What a key is made from. All of it is secret. */
export type KeySource =
  | { readonly mnemonic: string }
  /** 32 bytes as hex. */
  | { readonly seed: string }
  /** `//Alice`, `PHRASE//hard/soft///password`; leaves neither phrase nor seed in the keyfile. */
  | { readonly uri: string }

/** A key about to be written: the pair and the text of its keyfile. */
export interface NewKey {
  readonly pair: KeyPair
  readonly keyfile: Secret<string>
}

/**
 * Makes the pair of a source and its keyfile's JSON. Only string fields are written, and `cryptoType` only where the
 * key is not sr25519: older wallets refuse a file with a number in it.
 *
 * @throws KeyError `bad-mnemonic`, `bad-uri`, `bad-hex`
 * @see facts: wallets.md, 2
 */
export async function makeKey(source: KeySource, type: KeyType = 'sr25519'): Promise<NewKey> {
  if ('mnemonic' in source) {
    const mnemonic = source.mnemonic.trim().split(/\s+/).join(' ')
    const seed = await miniSecretOf(mnemonic)
    return withKeyfile(await pairFromSeed(seed, type), { secretPhrase: mnemonic, secretSeed: toHex(seed) })
  }
  if ('seed' in source) {
    const seed = fromHex(source.seed.trim(), 32)
    return withKeyfile(await pairFromSeed(seed, type), { secretSeed: toHex(seed) })
  }
  return withKeyfile(await pairFromUri(source.uri, type), {})
}

/** The JSON of `coldkeypub.txt` and `HOTKEYpub.txt`. */
export function publicKeyfile(key: PublicIdentity): string {
  return JSON.stringify(publicFields(key))
}

function withKeyfile(pair: KeyPair, secrets: { secretPhrase?: string; secretSeed?: Hex }): NewKey {
  const privateKey = toHex(pair.type === 'sr25519' ? canonicalSecret(pair) : pair.revealSecret())
  const { ss58Address, ...rest } = publicFields(pair)
  return { pair, keyfile: new Secret(JSON.stringify({ ...rest, privateKey, ...secrets, ss58Address })) }
}

function publicFields(key: PublicIdentity) {
  const hex = toHex(key.publicKey)
  const typed = key.type === 'sr25519' ? {} : { cryptoType: 0 }
  return { accountId: hex, publicKey: hex, ...typed, ss58Address: key.address }
}
