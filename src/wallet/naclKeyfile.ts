import { createHash, randomBytes } from 'node:crypto'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { argon2i } from './argon2i.ts'

// Bittensor's current encryption: `$NACL`, a 24-byte nonce, then a NaCl secretbox (16-byte tag, ciphertext) under a key
// that Argon2i derives from the password and one salt for all wallets. @see facts: wallets.md, 3

const lead = Buffer.from('$NACL')
const nonceBytes = 24
const tagBytes = 16
const salt = Buffer.from('137183dff15a09bc9c90b5518739e9b1', 'hex')

/** libsodium's "sensitive" cost for Argon2i; its constants of that name are those of Argon2id. */
const cost = { passes: 8, memoryBytes: 536_870_912 }

/**
 * The last key derived and its password's hash. With the salt fixed a password has one key, and creating a wallet and
 * then using it should not cost the seconds twice.
 */
let last: { passwordHash: string; key: Promise<Uint8Array> } | undefined

/** The 32-byte key of a password: seconds and 512 MiB, in a worker. @throws WalletError `key-derivation` */
export async function naclKey(password: string): Promise<Uint8Array> {
  const passwordHash = createHash('sha256').update(password).digest('hex')
  if (last?.passwordHash !== passwordHash) last = { passwordHash, key: argon2i(password, salt, cost) }
  const current = last
  try {
    return await current.key
  } catch (error) {
    if (last === current) last = undefined
    throw error
  }
}

/** @param nonce 24 bytes, random unless a test fixes it */
export function sealNacl(plain: Uint8Array, key: Uint8Array, nonce: Uint8Array = randomBytes(nonceBytes)): Uint8Array {
  return Buffer.concat([lead, nonce, xsalsa20poly1305(key, nonce).encrypt(plain)])
}

/** The plain bytes; undefined when the key is wrong or the file was changed, which cannot be told apart. */
export function openNacl(file: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const nonce = file.subarray(lead.length, lead.length + nonceBytes)
  const sealed = file.subarray(lead.length + nonceBytes)
  if (nonce.length < nonceBytes || sealed.length < tagBytes) return undefined
  try {
    return xsalsa20poly1305(key, nonce).decrypt(sealed)
  } catch {
    // Lengths are right, so the one failure left is the tag.
    return undefined
  }
}
