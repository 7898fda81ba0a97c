import { KeyError } from '../keys/keyError.ts'
import { bittensorPrefix, decodeAddress } from '../keys/ss58.ts'

const maxKnown = 4_096
const known = new Map<string, Uint8Array>()

/**
 * The key of an SS58 address; undefined where the address is none: its checksum is wrong, or its prefix, under which one
 * hotkey would have ten names that begin with 5. The last ones are remembered, because the checksum costs some 16 µs and a
 * caller by HTTP proves itself with every request.
 */
export function publicKeyOf(address: string): Uint8Array | undefined {
  const held = known.get(address)
  if (held !== undefined) return held
  try {
    const { publicKey, prefix } = decodeAddress(address)
    if (prefix !== bittensorPrefix) return undefined
    if (known.size >= maxKnown) known.delete(known.keys().next().value!)
    known.set(address, publicKey)
    return publicKey
  } catch (error) {
    if (error instanceof KeyError) return undefined
    throw error
  }
}
