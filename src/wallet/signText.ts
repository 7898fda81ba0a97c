import { concatBytes } from '@noble/hashes/utils.js'
import * as ed25519 from '../keys/ed25519.ts'
import { fromHex, type Hex, toHex } from '../keys/hex.ts'
import type { Signer } from '../keys/signer.ts'
import * as sr25519 from '../keys/sr25519.ts'
import { decodeAddress } from '../keys/ss58.ts'

const [open, close] = [new TextEncoder().encode('<Bytes>'), new TextEncoder().encode('</Bytes>')]

/**
 * Signs text as Bittensor's tools do: `0x…` as the bytes it spells, any other text as UTF-8.
 *
 * @returns the 64-byte signature as hex
 * @throws KeyError `bad-hex` for text that begins with 0x and is no hex
 * @see facts: wallets.md, 5
 */
export async function signText(signer: Signer, text: string): Promise<Hex> {
  return toHex(await signer.sign(messageOf(text)))
}

/**
 * Whether a signature, hex of 64 bytes or of 65 with the type byte in front, was made over the text with the address's
 * key, of whichever type. A signature over `<Bytes>text</Bytes>`, which browser extensions make, counts too.
 *
 * @throws KeyError `bad-address`; `bad-hex` when text or signature is no hex
 */
export async function verifyText(address: string, text: string, signature: string): Promise<boolean> {
  await sr25519.ready()
  const { publicKey } = decodeAddress(address)
  const bytes = fromHex(signature)
  const bare = bytes.length === 65 ? bytes.subarray(1) : bytes
  const message = messageOf(text)
  return [message, concatBytes(open, message, close)].some(
    (signed) => sr25519.verify(publicKey, signed, bare) || ed25519.verify(publicKey, signed, bare),
  )
}

function messageOf(text: string): Uint8Array {
  return text.startsWith('0x') ? fromHex(text) : new TextEncoder().encode(text)
}
