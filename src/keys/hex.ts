import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { KeyError } from './keyError.ts'

export type Hex = `0x${string}`

/** Lower-case hex with `0x`. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}

/**
 * Bytes of hex text, with or without `0x`, in either case.
 *
 * @param length when given, the number of bytes that the text must hold
 * @throws KeyError `bad-hex`; the text is not in the message, since it may be a secret
 */
export function fromHex(text: string, length?: number): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new KeyError('not an even number of hex digits', { code: 'bad-hex' })
  }
  if (length !== undefined && digits.length !== 2 * length) {
    throw new KeyError(`${digits.length / 2} bytes of hex where ${length} are needed`, { code: 'bad-hex' })
  }
  return hexToBytes(digits)
}
