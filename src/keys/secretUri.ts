import { concatBytes } from '@noble/hashes/utils.js'
import { blake2b256 } from './hash.ts'
import { KeyError } from './keyError.ts'

/** One step of a derivation path: `//hard` or `/soft`, with its 32-byte chain code. */
export interface Junction {
  readonly hard: boolean
  readonly chainCode: Uint8Array
}

/** The parts of a secret URI. All of them are secret. */
export interface SecretUri {
  /** Mnemonic, `0x` and 64 hex digits, or empty for the dev phrase. */
  readonly phrase: string
  readonly junctions: readonly Junction[]
  readonly password: string
}

const uriParts = /^(?<phrase>[\d\w\s]+)?(?<path>(?:\/\/?[^/]+)*)(?:\/\/\/(?<password>.*))?$/
const chainCodeBytes = 32
const maxU64 = 2n ** 64n - 1n

/**
 * Splits `PHRASE//hard/soft///password` as Substrate does.
 *
 * @throws KeyError `bad-uri`, without the text in its message
 * @see sp-core `crypto.rs` SECRET_PHRASE_REGEX, DeriveJunction
 */
export function parseSecretUri(uri: string): SecretUri {
  const groups = uriParts.exec(uri)?.groups
  if (groups === undefined) {
    throw new KeyError(
      'the secret URI does not have the form PHRASE//hard/soft///password',
      { code: 'bad-uri' },
      { mend: 'begin with a mnemonic, a 0x… seed, or // for a dev key such as //Alice' },
    )
  }
  const steps = (groups.path ?? '').match(/\/\/?[^/]+/g) ?? []
  return {
    phrase: (groups.phrase ?? '').trim(),
    junctions: steps.map((step) =>
      step.startsWith('//')
        ? { hard: true, chainCode: chainCodeOf(step.slice(2)) }
        : { hard: false, chainCode: chainCodeOf(step.slice(1)) },
    ),
    password: groups.password ?? '',
  }
}

/** SCALE of a u64 where the code is one, else of the string; hashed when longer than 32 bytes, else filled with zeros. */
function chainCodeOf(code: string): Uint8Array {
  const encoded = /^\+?\d+$/.test(code) && BigInt(code) <= maxU64 ? scaleU64(BigInt(code)) : scaleString(code)
  if (encoded.length > chainCodeBytes) return blake2b256(encoded)
  const chainCode = new Uint8Array(chainCodeBytes)
  chainCode.set(encoded)
  return chainCode
}

function scaleU64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return bytes
}

/** A SCALE string: compact length, then UTF-8. */
export function scaleString(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  return concatBytes(compactLength(bytes.length), bytes)
}

function compactLength(length: number): Uint8Array {
  if (length < 1 << 6) return Uint8Array.of(length << 2)
  const wide = new Uint8Array(4)
  if (length < 1 << 14) {
    new DataView(wide.buffer).setUint16(0, (length << 2) | 0b01, true)
    return wide.slice(0, 2)
  }
  if (length < 1 << 30) {
    new DataView(wide.buffer).setUint32(0, ((length << 2) | 0b10) >>> 0, true)
    return wide
  }
  throw new KeyError('a step of the secret URI is too long', { code: 'bad-uri' })
}
