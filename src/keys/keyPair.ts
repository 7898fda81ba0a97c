import { encodeAddress } from './ss58.ts'

export type KeyType = 'sr25519' | 'ed25519'

/**
 * A key pair in memory. The secret half lies in a private field, so it appears neither in `JSON.stringify`, nor in
 * `util.inspect`, nor in a log line; `revealSecret` is the one way to it.
 */
export class KeyPair {
  readonly type: KeyType
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly #secret: Uint8Array

  /** @param secret sr25519: 64 bytes in the Ed25519 form that polkadot libraries use; ed25519: the 32-byte seed */
  constructor(type: KeyType, publicKey: Uint8Array, secret: Uint8Array) {
    this.type = type
    this.publicKey = publicKey
    this.#secret = secret
  }

  /** SS58 address under prefix 42. */
  get address(): string {
    return encodeAddress(this.publicKey)
  }

  /** The secret bytes themselves, not a copy, in the form the constructor took. Never print or log them. */
  revealSecret(): Uint8Array {
    return this.#secret
  }
}
