import { KeyError } from '../keys/keyError.ts'
import { decodeAddress } from '../keys/ss58.ts'

/** The key of a hotkey's address as a caller names it; undefined where it is no address: its checksum is wrong. */
export function publicKeyOf(address: string): Uint8Array | undefined {
  try {
    return decodeAddress(address).publicKey
  } catch (error) {
    if (error instanceof KeyError) return undefined
    throw error
  }
}
