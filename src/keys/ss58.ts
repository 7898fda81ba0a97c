import { concatBytes } from '@noble/hashes/utils.js'
import { show } from '../base/errors.ts'
import { fromBase58, toBase58 } from './base58.ts'
import { blake2b512 } from './hash.ts'
import { KeyError, type KeyFailure } from './keyError.ts'

/** Prefix of every Bittensor network (and the generic Substrate one): addresses begin with `5`. */
export const bittensorPrefix = 42

const maxPrefix = 16_383
const publicKeyBytes = 32
const checksumBytes = 2
/** Longest base 58 text of two prefix bytes, a key and a checksum; anything longer is refused unread. */
const maxCharacters = 50
const checksumLead = new TextEncoder().encode('SS58PRE')

/**
 * SS58 address of a 32-byte public key.
 *
 * @param prefix network prefix, 0 to 16383
 * @throws KeyError `bad-public-key` or `bad-address`
 */
export function encodeAddress(publicKey: Uint8Array, prefix: number = bittensorPrefix): string {
  if (publicKey.length !== publicKeyBytes) {
    throw new KeyError(`a public key has ${publicKeyBytes} bytes, not ${publicKey.length}`, { code: 'bad-public-key' })
  }
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > maxPrefix) {
    throw new KeyError(`SS58 prefix ${prefix} is not in 0 to ${maxPrefix}`, { code: 'bad-address', reason: 'prefix' })
  }
  const body = concatBytes(prefixBytes(prefix), publicKey)
  return toBase58(concatBytes(body, checksum(body)))
}

/**
 * Public key and network prefix of an SS58 address of any network. One key has one address per prefix, so compare
 * keys, not addresses, where the prefix is not known.
 *
 * @throws KeyError `bad-address`
 */
export function decodeAddress(address: string): { publicKey: Uint8Array; prefix: number } {
  if (address.length > maxCharacters) throw badAddress(address, 'length')
  const bytes = fromBase58(address)
  if (bytes === undefined) throw badAddress(address, 'alphabet')
  const lead = bytes[0] !== undefined && bytes[0] < 64 ? 1 : 2
  if (bytes.length !== lead + publicKeyBytes + checksumBytes) throw badAddress(address, 'length')
  const body = bytes.subarray(0, lead + publicKeyBytes)
  if (!sameBytes(bytes.subarray(body.length), checksum(body))) throw badAddress(address, 'checksum')
  const prefix = prefixOf(body, lead)
  // A two-byte spelling of a one-byte prefix would give one key two addresses on the same network.
  if (prefix === undefined || (lead === 2 && prefix < 64)) throw badAddress(address, 'prefix')
  return { publicKey: body.slice(lead), prefix }
}

/** Whether the text is an SS58 address of a 32-byte key, of any network. */
export function isAddress(text: string): boolean {
  try {
    decodeAddress(text)
    return true
  } catch (error) {
    if (error instanceof KeyError) return false
    throw error
  }
}

/** One byte below 64, else two: the 14 bits are spread as in Substrate's `ss58_codec.rs`. */
function prefixBytes(prefix: number): Uint8Array {
  if (prefix < 64) return Uint8Array.of(prefix)
  return Uint8Array.of(((prefix & 0b1111_1100) >> 2) | 0b0100_0000, (prefix >> 8) | ((prefix & 0b11) << 6))
}

function prefixOf(body: Uint8Array, lead: 1 | 2): number | undefined {
  const first = body[0]!
  if (lead === 1) return first
  if (first >= 128) return undefined
  const second = body[1]!
  return ((first << 2) & 0xff) | (second >> 6) | ((second & 0b0011_1111) << 8)
}

function checksum(body: Uint8Array): Uint8Array {
  return blake2b512(concatBytes(checksumLead, body)).subarray(0, checksumBytes)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function badAddress(address: string, reason: Extract<KeyFailure, { code: 'bad-address' }>['reason']): KeyError {
  const why = {
    alphabet: 'a character outside base 58',
    length: 'the wrong length',
    checksum: 'a wrong checksum',
    prefix: 'an unknown network prefix',
  }[reason]
  // A phrase or seed put in the wrong place must not be shown.
  const shown =
    address.length > maxCharacters || /\s/.test(address) ? `a text of ${address.length} characters` : show(address)
  return new KeyError(
    `${shown} is not an address: it has ${why}`,
    { code: 'bad-address', reason },
    { mend: 'give an SS58 address of 48 characters that begins with 5' },
  )
}
