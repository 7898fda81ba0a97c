const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const digitOf: ReadonlyMap<string, bigint> = new Map([...alphabet].map((letter, digit) => [letter, BigInt(digit)]))

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
  let number = 0n
  for (const letter of text) {
    const digit = digitOf.get(letter)
    if (digit === undefined) return undefined
    number = number * 58n + digit
  }
  const bytes: number[] = []
  for (; number > 0n; number >>= 8n) bytes.push(Number(number & 0xffn))
  for (let i = 0; i < text.length && text[i] === '1'; i++) bytes.push(0)
  return Uint8Array.from(bytes.reverse())
}
