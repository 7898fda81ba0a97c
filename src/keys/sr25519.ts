import { ristretto255 } from '@noble/curves/ed25519.js'
import { isReady, sr25519KeypairFromSeed, sr25519Sign, sr25519Verify, waitReady } from '@polkadot/wasm-crypto'
import { KeyError } from './keyError.ts'
import { KeyPair } from './keyPair.ts'

// Schnorr signatures over Ristretto255 (schnorrkel) with the signing context `substrate`, as every Substrate chain
// checks them. wasm-crypto is called directly, about twelve times as fast as through @polkadot/util-crypto.
// @see facts: dependencies.md, 2; wallets.md, 5

const seedBytes = 32
const secretBytes = 64
const publicKeyBytes = 32
const signatureBytes = 64

/** Loads the WebAssembly; await it once before any other function of this file. */
export async function ready(): Promise<void> {
  if (!(await waitReady())) throw new KeyError('this runtime cannot load WebAssembly', { code: 'not-ready' })
}

/** @param seed 32-byte mini secret, expanded as Ed25519 does. @throws KeyError `bad-secret`, `not-ready` */
export function pairFromSeed(seed: Uint8Array): KeyPair {
  requireReady()
  requireSecret(seed, seedBytes)
  return splitPair(sr25519KeypairFromSeed(seed))
}

/**
 * A pair from 64 secret bytes.
 *
 * @param form `ed25519`: what polkadot libraries hold, the scalar times 8. `canonical`: the scalar itself, what
 *   Bittensor's keyfiles hold as `privateKey`. The last 32 bytes (the nonce part) are the same in both.
 * @throws KeyError `bad-secret`
 * @see facts: wallets.md, 5 (trap)
 */
export function pairFromSecret(secret: Uint8Array, form: 'ed25519' | 'canonical'): KeyPair {
  requireSecret(secret, secretBytes)
  const held = littleEndian(secret.subarray(0, 32))
  const scalar = form === 'canonical' ? held : held >> 3n
  const order = ristretto255.Point.Fn.ORDER
  if (scalar === 0n || scalar >= order || (form === 'ed25519' && (held & 7n) !== 0n)) {
    throw new KeyError(`the private key is not in the ${form} form`, { code: 'bad-secret' })
  }
  const ed25519Form = secret.slice()
  ed25519Form.set(littleEndianBytes(scalar << 3n), 0)
  const publicKey = ristretto255.Point.BASE.multiply(scalar).toBytes()
  return new KeyPair('sr25519', publicKey, ed25519Form)
}

/** The 64 secret bytes in the canonical form that Bittensor's keyfiles hold; inverse of `pairFromSecret`. */
export function canonicalSecret(pair: KeyPair): Uint8Array {
  const secret = secretOf(pair).slice()
  secret.set(littleEndianBytes(littleEndian(secret.subarray(0, 32)) >> 3n), 0)
  return secret
}

/** 64 bytes; two signatures of one message differ, since the nonce is drawn at random. */
export function sign(pair: KeyPair, message: Uint8Array): Uint8Array {
  requireReady()
  return sr25519Sign(pair.publicKey, secretOf(pair), message)
}

/** False for anything that is not a valid signature of `message`, malformed keys and signatures included. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  requireReady()
  if (publicKey.length !== publicKeyBytes || signature.length !== signatureBytes) return false
  return sr25519Verify(signature, message, publicKey)
}

/** Splits the 96 bytes of wasm-crypto: secret, then public key. */
export function splitPair(bytes: Uint8Array): KeyPair {
  return new KeyPair('sr25519', bytes.slice(secretBytes), bytes.slice(0, secretBytes))
}

function secretOf(pair: KeyPair): Uint8Array {
  if (pair.type !== 'sr25519') throw new KeyError(`this is an ${pair.type} key, not sr25519`, { code: 'bad-secret' })
  return pair.revealSecret()
}

function requireReady(): void {
  if (!isReady()) throw new KeyError('await ready() of keys/sr25519.ts before using sr25519', { code: 'not-ready' })
}

function requireSecret(secret: Uint8Array, length: number): void {
  if (secret.length === length) return
  throw new KeyError(`the secret has ${secret.length} bytes where ${length} are needed`, { code: 'bad-secret' })
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

function littleEndianBytes(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 0xffn))
}
