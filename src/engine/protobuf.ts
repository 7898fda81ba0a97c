/*
 * Protobuf without a schema, as far as reading and rewriting ONNX's files needs it. A message is a row of fields: of those
 * with one number the order counts, and of a message that comes twice a reader makes one.
 */

export interface Field {
  readonly number: number
  /** A whole number, exact below 2^53; or the bytes of a text, a message, a packed list or a fixed-size number. */
  readonly value: number | Uint8Array
  /** The whole field as it stands there. */
  readonly raw: Uint8Array
}

/** @throws RangeError where the bytes are no protobuf */
export function* fieldsOf(bytes: Uint8Array): Generator<Field, void> {
  const reader = varintReader(bytes)
  while (reader.at < bytes.length) {
    const from = reader.at
    const tag = reader.next()
    const [number, wire] = [Math.floor(tag / 8), tag % 8]
    if (wire === 0) {
      const value = reader.next()
      yield { number, value, raw: bytes.subarray(from, reader.at) }
      continue
    }
    const length = wire === 2 ? reader.next() : fixedBytes[wire]
    if (length === undefined) throw new RangeError(`the protobuf holds a field of the unknown kind ${wire}`)
    const start = reader.at
    reader.at += length
    if (reader.at > bytes.length) throw new RangeError(breaksOff)
    yield { number, value: bytes.subarray(start, reader.at), raw: bytes.subarray(from, reader.at) }
  }
}

/** The texts, messages or lists of one field. @throws RangeError where the bytes are no protobuf */
export function* messagesOf(bytes: Uint8Array, wanted: number): Generator<Uint8Array, void> {
  for (const { number, value } of fieldsOf(bytes)) if (number === wanted && typeof value !== 'number') yield value
}

export function textsOf(bytes: Uint8Array, wanted: number): string[] {
  return Array.from(messagesOf(bytes, wanted), (text) => Buffer.from(text).toString('utf8'))
}

/** The whole numbers of one field, packed or not. Negative ones are beyond it. */
export function numbersOf(bytes: Uint8Array, wanted: number): number[] {
  const numbers: number[] = []
  for (const { number, value } of fieldsOf(bytes)) {
    if (number !== wanted) continue
    if (typeof value === 'number') {
      numbers.push(value)
      continue
    }
    for (const reader = varintReader(value); reader.at < value.length; ) numbers.push(reader.next())
  }
  return numbers
}

/** A field that holds a text, a message or bytes. */
export function messageField(number: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
}

/** @param value whole and not negative */
export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)])
}

const breaksOff = 'the protobuf breaks off'
const fixedBytes: Readonly<Record<number, number>> = { 1: 8, 5: 4 }

function varintReader(bytes: Uint8Array): { at: number; next(): number } {
  return {
    at: 0,
    next() {
      let value = 0
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[this.at++]
        if (byte === undefined || scale > 2 ** 63) throw new RangeError(breaksOff)
        value += (byte & 127) * scale
        if (byte < 128) return value
      }
    },
  }
}

/** Base 128, least significant group first. */
function varint(value: number): Buffer {
  const groups: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) groups.push((rest % 128) + 128)
  return Buffer.from([...groups, rest])
}
