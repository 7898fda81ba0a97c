const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const digitOf: ReadonlyMap<string, number> = new Map([...alphabet].map((letter, digit) => [letter, digit]))

/** Base 58 in Bitcoin's alphabet; a leading zero byte becomes a leading `1`. For short data: time grows with length². */
export function toBase58(bytes: Uint8Array): string {
  let number = 0n
  for (const byte of bytes) number = (number << 8n) | BigInt(byte)
  let text = ''
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)]! + text
  for (let i = 0; i < bytes.length && bytes[i] === 0; i++) text = `1${text}`
  return text
}

/** Inverse of `toBase58`; undefined when a character is outside the alphabet. */
export function fromBase58(text: string): Uint8Array | undefined {
  // Least byte first. Byte by byte, since an axon does this for each hello: bigints would take ten times as long.
  const bytes: number[] = []
  for (const letter of text) {
    let carry = digitOf.get(letter)
    if (carry === undefined) return undefined
    for (let i = 0; i < bytes.length; i++) {
      carry += bytes[i]! * 58
      bytes[i] = carry & 0xff
      carry >>= 8
    }
    if (carry > 0) bytes.push(carry)
  }
  for (let i = 0; i < text.length && text[i] === '1'; i++) bytes.push(0)
  return Uint8Array.from(bytes.reverse())
}
