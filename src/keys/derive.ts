import { concatBytes } from '@noble/hashes/utils.js'
import { sr25519DeriveKeypairHard, sr25519DeriveKeypairSoft } from '@polkadot/wasm-crypto'
import * as ed25519 from './ed25519.ts'
import { blake2b256 } from './hash.ts'
import { fromHex } from './hex.ts'
import { KeyError } from './keyError.ts'
import type { KeyPair, KeyType } from './keyPair.ts'
import { devPhrase, miniSecretOf } from './mnemonic.ts'
import { type Junction, parseSecretUri, scaleString } from './secretUri.ts'
import * as sr25519 from './sr25519.ts'

/**
 * The pair of a secret URI: `PHRASE//hard/soft///password`, where PHRASE is a mnemonic, a `0x` seed of 32 bytes, or
 * left out for the dev phrase (`//Alice`).
 *
 * @throws KeyError `bad-uri`, `bad-mnemonic`, `bad-hex`; never with a part of the URI in its message
 * @see facts: wallets.md, 5
 */
export async function pairFromUri(uri: string, type: KeyType = 'sr25519'): Promise<KeyPair> {
  const { phrase, junctions, password } = parseSecretUri(uri)
  const seed = phrase.startsWith('0x') ? fromHex(phrase, 32) : await miniSecretOf(phrase || devPhrase, password)
  return junctions.reduce((pair, junction) => derive(pair, junction), await pairFromSeed(seed, type))
}

/** @throws KeyError `bad-mnemonic` */
export async function pairFromMnemonic(mnemonic: string, type: KeyType = 'sr25519', password = ''): Promise<KeyPair> {
  return pairFromSeed(await miniSecretOf(mnemonic, password), type)
}

/** @param seed 32-byte mini secret (sr25519) or Ed25519 seed. @throws KeyError `bad-secret` */
export async function pairFromSeed(seed: Uint8Array, type: KeyType = 'sr25519'): Promise<KeyPair> {
  if (type === 'ed25519') return ed25519.pairFromSeed(seed)
  await sr25519.ready()
  return sr25519.pairFromSeed(seed)
}

function derive(pair: KeyPair, { hard, chainCode }: Junction): KeyPair {
  if (pair.type === 'sr25519') {
    const both = concatBytes(pair.revealSecret(), pair.publicKey)
    return sr25519.splitPair(
      hard ? sr25519DeriveKeypairHard(both, chainCode) : sr25519DeriveKeypairSoft(both, chainCode),
    )
  }
  if (!hard) throw new KeyError('an ed25519 key has no /soft derivation, only //hard', { code: 'bad-uri' })
  return ed25519.pairFromSeed(blake2b256(concatBytes(scaleString('Ed25519HDKD'), pair.revealSecret(), chainCode)))
}
