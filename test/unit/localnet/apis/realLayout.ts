import { readFileSync } from 'node:fs'

/**
 * Decodes what runtime APIs answer with nothing but the field order of the real chain, as the 424 file has it: no
 * metadata of ours, no codec of ours.
 */

interface TypeRow {
  readonly kind: 'struct' | 'enum'
  readonly fields?: readonly string[]
  readonly variants?: readonly (readonly [index: number, name: string, fields: readonly string[]])[]
}

const real = JSON.parse(
  readFileSync(new URL('../../../vectors/chain/subtensor-metadata-424.json', import.meta.url), 'utf8'),
) as {
  types: Record<string, TypeRow>
  runtimeApis: { api: string; version: number; methods: [string, string[], string][] }[]
}

/** Plain values: numbers as bigint, bytes and accounts as hex, structs as objects, None as null. */
export type Plain = bigint | boolean | string | null | Plain[] | { [name: string]: Plain }

/** Exported name, `name: type` of each argument, type of the answer: every method that the real chain has. */
export const realMethods = new Map(
  real.runtimeApis.flatMap(({ methods }) =>
    methods.map(([name, inputs, output]) => [name, { inputs, output }] as const),
  ),
)

/** @throws Error where bytes are left over or missing */
export function decodeReal(type: string, bytes: Uint8Array): Plain {
  const input = new Input(bytes)
  const value = read(type, input)
  if (input.offset !== bytes.length) throw new Error(`${bytes.length - input.offset} bytes left after ${type}`)
  return value
}

class Input {
  readonly bytes: Uint8Array
  offset = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  take(count: number): Uint8Array {
    if (this.offset + count > this.bytes.length) throw new Error(`end of input at ${this.offset}`)
    this.offset += count
    return this.bytes.subarray(this.offset - count, this.offset)
  }

  integer(count: number): bigint {
    return this.take(count).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
  }

  compact(): bigint {
    const mode = this.bytes[this.offset]! & 3
    if (mode === 3) return this.integer((this.take(1)[0]! >> 2) + 4)
    return this.integer(2 ** mode) >> 2n
  }
}

const width: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, u128: 16 }
const fixedPoint: Readonly<Record<string, number>> = { I32F32: 64, U64F64: 128, I96F32: 128 }
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`

function read(type: string, input: Input): Plain {
  if (type === 'bool') return input.take(1)[0] === 1
  if (type === 'AccountId32') return hex(input.take(32))
  if (width[type] !== undefined) return input.integer(width[type])
  const bits = fixedPoint[type]
  if (bits !== undefined) {
    const raw = input.integer(bits / 8)
    return { bits: type.startsWith('I') ? BigInt.asIntN(bits, raw) : raw }
  }
  const [, outer, inner] = /^(\w*)[<([](.*)[>)\]]$/.exec(type) ?? []
  if (inner !== undefined) return readGeneric(outer!, parts(inner), input)
  return readNamed(type, input)
}

function readGeneric(outer: string, of: readonly string[], input: Input): Plain {
  const [first] = of
  switch (outer) {
    case 'Compact':
      return input.compact()
    case 'Option':
      return input.take(1)[0] === 0 ? null : read(first!, input)
    case 'Vec': {
      const length = Number(input.compact())
      if (first === 'u8') return hex(input.take(length))
      return Array.from({ length }, () => read(first!, input))
    }
    case 'BTreeMap':
      return Array.from({ length: Number(input.compact()) }, () => of.map((part) => read(part, input)))
    case '': {
      // A tuple, or an array, whose length stands behind its type.
      const [, item, length] = /^(.*);(\d+)$/.exec(of.join()) ?? []
      if (item !== undefined) return Array.from({ length: Number(length) }, () => read(item, input))
      return of.map((part) => read(part, input))
    }
    default:
      throw new Error(`no rule for ${outer}<${of.join()}>`)
  }
}

function readNamed(type: string, input: Input): Plain {
  const row = real.types[type]
  if (row === undefined) throw new Error(`${type} is not in the 424 file`)
  if (row.kind === 'struct') return readFields(row.fields!, input)
  const index = input.take(1)[0]
  const [, name, fields] = row.variants!.find(([other]) => other === index)!
  return { [name]: fields.length === 0 ? null : read(fields[0]!, input) }
}

function readFields(fields: readonly string[], input: Input): Plain {
  return Object.fromEntries(
    fields.map((field) => {
      const [name, type] = field.split(': ')
      return [name!, read(type!, input)]
    }),
  )
}

/** Splits at commas outside of brackets. */
function parts(list: string): string[] {
  const found: string[] = ['']
  let depth = 0
  for (const char of list) {
    if ('<(['.includes(char)) depth++
    if ('>)]'.includes(char)) depth--
    if (char === ',' && depth === 0) found.push('')
    else found[found.length - 1] += char
  }
  return found
}
