import { FacultyError } from '../../base/errors.ts'

export class ScaleError extends FacultyError<{ code: 'malformed-scale' }> {
  constructor(message: string) {
    super(message, { code: 'malformed-scale' })
  }
}

/** Growing little-endian byte sink. */
export class ScaleWriter {
  #bytes = new Uint8Array(64)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** Begins anew, in the same memory. */
  reset(): void {
    this.#length = 0
  }

  /** The bytes written so far, as a copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  u16(value: number): void {
    // Reserving may exchange the view, so it comes first.
    const at = this.#reserve(2)
    this.#view.setUint16(at, value, true)
    this.#length += 2
  }

  u32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setUint32(at, value, true)
    this.#length += 4
  }

  /** The low 64 bits, so that signed values work too. */
  u64(value: bigint): void {
    const at = this.#reserve(8)
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true)
    this.#length += 8
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  /** A compact integer below 2^536, as SCALE defines it. @throws ScaleError for a negative one */
  compact(value: bigint | number): void {
    if (typeof value === 'number' && value >= 0 && value < 0x40 && Number.isInteger(value)) {
      this.byte(value << 2)
      return
    }
    const big = BigInt(value)
    if (big < 0n) throw new ScaleError(`compact: ${big} is negative`)
    if (big < 0x40n) this.byte(Number(big) << 2)
    else if (big < 0x4000n) this.u16((Number(big) << 2) | 1)
    else if (big < 0x4000_0000n) this.u32(((Number(big) << 2) | 2) >>> 0)
    else {
      const digits = big.toString(16)
      const length = (digits.length + 1) >> 1
      if (length > 67) throw new ScaleError(`compact: ${length} bytes is more than SCALE allows`)
      this.byte(((Math.max(length, 4) - 4) << 2) | 3)
      let rest = big
      for (let i = 0; i < Math.max(length, 4); i++) {
        this.byte(Number(rest & 0xffn))
        rest >>= 8n
      }
    }
  }

  #reserve(count: number): number {
    const needed = this.#length + count
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return this.#length
  }
}

/** Nested calls deeper than this are refused, as the chain refuses them (facts: subtensor-chain.md, (a)). */
const maxCallDepth = 8

/** Little-endian byte source. Every read past the end is a ScaleError, never an undefined. */
export class ScaleReader {
  readonly input: Uint8Array
  // Made when it is needed: most values have no 64-bit number in them.
  #view: DataView | undefined
  offset = 0
  #callDepth = 0

  constructor(input: Uint8Array) {
    this.input = input
  }

  get remaining(): number {
    return this.input.length - this.offset
  }

  byte(): number {
    return this.input[this.#take(1)]!
  }

  u16(): number {
    const start = this.#take(2)
    return this.input[start]! | (this.input[start + 1]! << 8)
  }

  u32(): number {
    return this.u16() + this.u16() * 0x1_0000
  }

  u64(): bigint {
    const { input } = this
    this.#view ??= new DataView(input.buffer, input.byteOffset, input.byteLength)
    return this.#view.getBigUint64(this.#take(8), true)
  }

  /** The next `count` bytes, as a copy. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count)
    return this.input.slice(start, start + count)
  }

  /** @throws ScaleError also for an encoding longer than needed, which the chain's decoder refuses as well */
  compact(): bigint {
    const first = this.byte()
    switch (first & 3) {
      case 0:
        return BigInt(first >> 2)
      case 1: {
        const value = (this.byte() << 6) | (first >> 2)
        if (value < 0x40) throw new ScaleError('compact: longer encoding than needed')
        return BigInt(value)
      }
      case 2: {
        const value = (this.byte() << 6) | (this.byte() << 14) | (this.byte() * 2 ** 22) | (first >> 2)
        if (value >>> 0 < 0x4000) throw new ScaleError('compact: longer encoding than needed')
        return BigInt(value >>> 0)
      }
      default: {
        const length = (first >> 2) + 4
        const digits = this.bytes(length)
        let value = 0n
        for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i]!)
        if (digits[length - 1] === 0 || value < 0x4000_0000n)
          throw new ScaleError('compact: longer encoding than needed')
        return value
      }
    }
  }

  /** A compact length that must be coverable by what is left, at one byte an element or more. */
  length(minimumElementBytes: number): number {
    const length = this.compact()
    if (length * BigInt(minimumElementBytes) > BigInt(this.remaining)) {
      throw new ScaleError(`length: ${length} elements do not fit in the ${this.remaining} bytes left`)
    }
    return Number(length)
  }

  /** Runs the decoder of a call inside a call. */
  nested<T>(decode: () => T): T {
    if (this.#callDepth >= maxCallDepth) throw new ScaleError(`call: nested deeper than ${maxCallDepth}`)
    this.#callDepth++
    const value = decode()
    this.#callDepth--
    return value
  }

  #take(count: number): number {
    const start = this.offset
    if (start + count > this.input.length) {
      throw new ScaleError(`end of input: ${count} bytes wanted at offset ${start} of ${this.input.length}`)
    }
    this.offset = start + count
    return start
  }
}
