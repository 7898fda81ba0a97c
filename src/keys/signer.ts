import * as ed25519 from './ed25519.ts'
import { KeyError, type KeyFailure } from './keyError.ts'
import type { KeyPair, KeyType } from './keyPair.ts'
import * as sr25519 from './sr25519.ts'
import { decodeAddress, encodeAddress } from './ss58.ts'

/**
 * Whatever can sign for an address: a key in memory, a device, another process. It gets the bytes to sign as they are
 * (for an extrinsic the payload, hashed by the caller where it is over 256 bytes) and gives the bare 64-byte signature.
 */
export interface Signer {
  /** SS58, prefix 42. */
  readonly address: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly type: KeyType
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** What `externalSigner` accepts: a polkadot.js KeyringPair, a pair of the official TypeScript SDK, or the like. */
export interface ExternalSigner {
  readonly address?: string
  readonly publicKey?: Uint8Array
  readonly addressRaw?: Uint8Array
  readonly type?: string
  /** 64 bytes, or 65 with the type byte of a Substrate MultiSignature in front (0 ed25519, 1 sr25519). */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

const multiSignatureByte = { ed25519: 0, sr25519: 1 } satisfies Record<KeyType, number>

/** A signer over a key in this process's memory. */
export function localSigner(pair: KeyPair): Signer {
  const sign = pair.type === 'sr25519' ? sr25519.sign : ed25519.sign
  return {
    address: pair.address,
    publicKey: pair.publicKey,
    type: pair.type,
    sign: (message) => sign(pair, message),
  }
}

/**
 * A signer over a key that lives elsewhere. Each signature is verified before it is used, so that a device that signs
 * something else (a wrapped text, another account) is found out here and not as a refused extrinsic.
 *
 * @throws KeyError `bad-signer` at once for an unusable shape, type or address; from `sign` for a wrong signature
 * @see facts: current-generation.md, 3 (signer shape)
 */
export function externalSigner(source: ExternalSigner): Signer {
  const publicKey = source.publicKey ?? source.addressRaw
  if (publicKey?.length !== 32)
    throw badSigner('shape', 'an external signer needs a publicKey or addressRaw of 32 bytes')
  const type = source.type ?? 'sr25519'
  if (type !== 'sr25519' && type !== 'ed25519') {
    throw badSigner('type', `a signer of type ${type} cannot be used, only sr25519 and ed25519`)
  }
  const address = encodeAddress(publicKey)
  if (source.address !== undefined && encodeAddress(decodeAddress(source.address).publicKey) !== address) {
    throw badSigner('address', `the signer's address ${source.address} is not that of its public key, ${address}`)
  }
  return {
    address,
    publicKey,
    type,
    async sign(message) {
      const signature = bareSignature(await source.sign(message), type)
      if (type === 'sr25519') await sr25519.ready()
      const verify = type === 'sr25519' ? sr25519.verify : ed25519.verify
      if (!verify(publicKey, message, signature)) {
        throw badSigner('signature', `the signer of ${address} returned a signature that does not fit the message`)
      }
      return signature
    },
  }
}

function bareSignature(signature: Uint8Array, type: KeyType): Uint8Array {
  if (signature.length === 64) return signature
  if (signature.length === 65 && signature[0] === multiSignatureByte[type]) return signature.slice(1)
  throw badSigner('signature', `the signer returned ${signature.length} bytes that are no ${type} signature`)
}

function badSigner(reason: Extract<KeyFailure, { code: 'bad-signer' }>['reason'], message: string): KeyError {
  return new KeyError(message, { code: 'bad-signer', reason })
}
