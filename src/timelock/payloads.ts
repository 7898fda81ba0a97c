import { InputError } from '../base/errors.ts'

/** What a validator locks away: its weights, and itself, so that nobody else can hand them in as theirs. */
export interface WeightsPayload {
  /** Public key of the validator's hotkey, 32 bytes. */
  readonly hotkey: Uint8Array
  readonly uids: readonly number[]
  /** u16 each. */
  readonly values: readonly number[]
  readonly versionKey: bigint
}

/**
 * SCALE of the chain's `WeightsTlockPayload`.
 *
 * @throws InputError for a uid or value that is no u16
 * @see facts: commit-reveal.md, 4.1
 */
export function encodeWeightsPayload({ hotkey, uids, values, versionKey }: WeightsPayload): Uint8Array {
  const key = Buffer.alloc(8)
  key.writeBigUInt64LE(versionKey)
  return Uint8Array.from(Buffer.concat([encodeBytes(hotkey), u16List('uids', uids), u16List('values', values), key]))
}

/** SCALE of a text, as timelocked commitments hold it: length in bytes, then UTF-8. */
export function encodeText(text: string): Uint8Array {
  return Uint8Array.from(encodeBytes(Buffer.from(text, 'utf8')))
}

function encodeBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([compact(bytes.length), bytes])
}

function u16List(field: string, numbers: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [i, number] of numbers.entries()) {
    if (!Number.isInteger(number) || number < 0 || number > 0xffff) {
      throw new InputError(`${field}[${i}]`, number, 'give whole numbers from 0 to 65535')
    }
    bytes.writeUInt16LE(number, 2 * i)
  }
  return Buffer.concat([compact(numbers.length), bytes])
}

/** SCALE's length prefix, as far as lengths here can go. */
function compact(length: number): Uint8Array {
  if (length < 0x40) return Uint8Array.of(length << 2)
  const bytes = Buffer.alloc(length < 0x4000 ? 2 : 4)
  if (length < 0x4000) bytes.writeUInt16LE((length << 2) | 1)
  else bytes.writeUInt32LE(length * 4 + 2)
  return bytes
}
