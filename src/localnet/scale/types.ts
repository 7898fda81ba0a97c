import { ScaleError, ScaleReader, ScaleWriter } from './io.ts'

/** What a type looks like in the chain's metadata. */
export type Shape =
  | { readonly kind: 'primitive'; readonly name: Primitive }
  | { readonly kind: 'compact'; readonly of: AnyType }
  | { readonly kind: 'sequence'; readonly of: AnyType }
  | { readonly kind: 'array'; readonly length: number; readonly of: AnyType }
  | { readonly kind: 'tuple'; readonly of: readonly AnyType[] }
  | {
      readonly kind: 'composite'
      readonly path: readonly string[]
      readonly fields: readonly FieldShape[]
      readonly parameters?: TypeParameters
    }
  | {
      readonly kind: 'variant'
      readonly path: readonly string[]
      readonly variants: readonly VariantShape[]
      readonly parameters?: TypeParameters
    }
  /** The outer call or event enum, which only the assembled runtime knows. */
  | { readonly kind: 'runtime'; readonly name: 'RuntimeCall' | 'RuntimeEvent' }

export type Primitive = 'bool' | 'str' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'i16' | 'i32' | 'i64' | 'i128'

/** Generic parameters by name. Clients need those of Option, Result, BTreeMap, MultiAddress, EventRecord and the extrinsic. */
export type TypeParameters = Readonly<Record<string, AnyType | undefined>>

export interface FieldShape {
  /** Absent in tuple-like composites and variants. */
  readonly name?: string
  readonly type: AnyType
  /** The type's name as the Rust source writes it; metadata carries it for people. */
  readonly typeName?: string
}

export interface VariantShape {
  readonly name: string
  readonly index: number
  readonly fields: readonly FieldShape[]
}

/** A SCALE codec that also knows its own description. Values: see each constructor below. */
export interface ScaleType<T> {
  readonly shape: Shape
  /** Fewest bytes that a value takes; bounds the length prefix of hostile sequences. */
  readonly minimumBytes: number
  encode(value: T, out: ScaleWriter): void
  decode(input: ScaleReader): T
}

// Method parameters are bivariant, so every ScaleType<T> is assignable to this.
export type AnyType = ScaleType<unknown>

export type ValueOf<S> = S extends ScaleType<infer T> ? T : never

// A block encodes thousands of small values: writers are used again, more than one where encoders encode in between.
const writers: ScaleWriter[] = []

export function encode<T>(type: ScaleType<T>, value: T): Uint8Array {
  const out = writers.pop() ?? new ScaleWriter()
  out.reset()
  type.encode(value, out)
  const bytes = out.finish()
  writers.push(out)
  return bytes
}

/** @throws ScaleError when the bytes are not exactly one value */
export function decode<T>(type: ScaleType<T>, bytes: Uint8Array): T {
  const input = new ScaleReader(bytes)
  const value = type.decode(input)
  if (input.remaining > 0) throw new ScaleError(`${input.remaining} bytes left after the value`)
  return value
}

/** Like `decode`, but bytes after the value are ignored, as the chain does when it reads storage. */
export function decodeStorage<T>(type: ScaleType<T>, bytes: Uint8Array): T {
  return type.decode(new ScaleReader(bytes))
}

function primitive<T>(
  name: Primitive,
  minimumBytes: number,
  write: (value: T, out: ScaleWriter) => void,
  read: (input: ScaleReader) => T,
): ScaleType<T> {
  return { shape: { kind: 'primitive', name }, minimumBytes, encode: write, decode: read }
}

function integer(name: Primitive, bits: 8 | 16 | 32, signed = false): ScaleType<number> {
  const low = signed ? -(2 ** (bits - 1)) : 0
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1
  return primitive(
    name,
    bits / 8,
    (value, out) => {
      if (!Number.isInteger(value) || value < low || value > high)
        throw new ScaleError(`${name}: ${value} does not fit`)
      if (bits === 8) out.byte(value & 0xff)
      else if (bits === 16) out.u16(value & 0xffff)
      else out.u32(value >>> 0)
    },
    (input) => {
      const raw = bits === 8 ? input.byte() : bits === 16 ? input.u16() : input.u32()
      return signed && raw > high ? raw - 2 ** bits : raw
    },
  )
}

function bigInteger(name: Primitive, bits: 64 | 128, signed = false): ScaleType<bigint> {
  const low = signed ? -(1n << BigInt(bits - 1)) : 0n
  const high = signed ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n
  return primitive(
    name,
    bits / 8,
    (value, out) => {
      if (value < low || value > high) throw new ScaleError(`${name}: ${value} does not fit`)
      out.u64(value)
      if (bits === 128) out.u64(value >> 64n)
    },
    (input) => {
      const raw = bits === 64 ? input.u64() : input.u64() | (input.u64() << 64n)
      return signed ? BigInt.asIntN(bits, raw) : raw
    },
  )
}

export const bool: ScaleType<boolean> = primitive(
  'bool',
  1,
  (value, out) => out.byte(value ? 1 : 0),
  (input) => {
    const byte = input.byte()
    if (byte > 1) throw new ScaleError(`bool: byte ${byte}`)
    return byte === 1
  },
)
/** Numbers up to 32 bits are JavaScript numbers, wider ones bigints. */
export const u8 = integer('u8', 8)
export const u16 = integer('u16', 16)
export const u32 = integer('u32', 32)
export const i16 = integer('i16', 16, true)
export const i32 = integer('i32', 32, true)
export const u64 = bigInteger('u64', 64)
export const u128 = bigInteger('u128', 128)
export const i64 = bigInteger('i64', 64, true)
export const i128 = bigInteger('i128', 128, true)

/** UTF-8 text. */
export const str: ScaleType<string> = primitive(
  'str',
  1,
  (value, out) => {
    const utf8 = Buffer.from(value, 'utf8')
    out.compact(utf8.length)
    out.bytes(utf8)
  },
  (input) => Buffer.from(input.bytes(input.length(1))).toString('utf8'),
)

/** `()`; its value is `undefined`. */
export const unit: ScaleType<undefined> = {
  shape: { kind: 'tuple', of: [] },
  minimumBytes: 0,
  encode: () => undefined,
  decode: () => undefined,
}

/** `Compact<T>` of an unsigned integer type or of a composite around one. */
export function compact<T extends number | bigint>(of: ScaleType<T>): ScaleType<T> {
  // The inner type's own encoder checks the range and tells whether its values are numbers or bigints.
  const isNumber = typeof of.decode(new ScaleReader(new Uint8Array(16))) === 'number'
  return {
    shape: { kind: 'compact', of },
    minimumBytes: 1,
    encode: (value, out) => {
      encode(of, value)
      out.compact(value)
    },
    decode: (input) => {
      const raw = input.compact()
      const value = (isNumber ? Number(raw) : raw) as T
      encode(of, value)
      return value
    },
  }
}

/** `Vec<T>`; the value is an array. `Vec<u8>` is `bytes`. */
export function vec<T>(of: ScaleType<T>): ScaleType<T[]> {
  return {
    shape: { kind: 'sequence', of },
    minimumBytes: 1,
    encode: (values, out) => {
      out.compact(values.length)
      for (const value of values) of.encode(value, out)
    },
    decode: (input) => {
      const length = input.length(of.minimumBytes)
      const values: T[] = []
      for (let i = 0; i < length; i++) values.push(of.decode(input))
      return values
    },
  }
}

/** `Vec<u8>` as a Uint8Array. */
export const bytes: ScaleType<Uint8Array> = {
  shape: { kind: 'sequence', of: u8 },
  minimumBytes: 1,
  encode: (value, out) => {
    out.compact(value.length)
    out.bytes(value)
  },
  decode: (input) => input.bytes(input.length(1)),
}

/** `[u8; N]` as a Uint8Array. */
export function byteArray(length: number): ScaleType<Uint8Array> {
  return {
    shape: { kind: 'array', length, of: u8 },
    minimumBytes: length,
    encode: (value, out) => {
      if (value.length !== length) throw new ScaleError(`[u8; ${length}]: ${value.length} bytes given`)
      out.bytes(value)
    },
    decode: (input) => input.bytes(length),
  }
}

type ValuesOf<Types extends readonly AnyType[]> = { -readonly [K in keyof Types]: ValueOf<Types[K]> }

/** `(A, B, …)`; the value is an array of the same length. */
export function tuple<const Types extends readonly AnyType[]>(...of: Types): ScaleType<ValuesOf<Types>> {
  return {
    shape: { kind: 'tuple', of },
    minimumBytes: of.reduce((sum, type) => sum + type.minimumBytes, 0),
    encode: (values, out) => {
      const list = values as readonly unknown[]
      // Weights and bonds are pairs by the hundred thousand: no iterator, no closure for each.
      for (let i = 0; i < of.length; i++) of[i]!.encode(list[i], out)
    },
    decode: (input) => {
      const values = new Array<unknown>(of.length)
      for (let i = 0; i < of.length; i++) values[i] = of[i]!.decode(input)
      return values as ValuesOf<Types>
    },
  }
}

export type Fields = Readonly<Record<string, AnyType>>
export type FieldValues<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> }

export function encodeFields(fields: Fields, values: Readonly<Record<string, unknown>>, out: ScaleWriter): void {
  for (const name in fields) fields[name]!.encode(values[name], out)
}

export function decodeFields<F extends Fields>(fields: F, input: ScaleReader): FieldValues<F> {
  const values: Record<string, unknown> = {}
  for (const name in fields) values[name] = fields[name]!.decode(input)
  return values as FieldValues<F>
}

export function fieldShapes(fields: Fields): FieldShape[] {
  return Object.entries(fields).map(([name, type]) => ({ name, type }))
}

/** A struct with named fields. @param path the Rust path that metadata shows, `frame_system::AccountInfo` */
export function struct<F extends Fields>(path: string, fields: F): ScaleType<FieldValues<F>> {
  return {
    shape: { kind: 'composite', path: path.split('::'), fields: fieldShapes(fields) },
    minimumBytes: Object.values(fields).reduce((sum, type) => sum + type.minimumBytes, 0),
    encode: (values, out) => encodeFields(fields, values, out),
    decode: (input) => decodeFields(fields, input),
  }
}

/** A struct with one unnamed field, e.g. `NetUid(u16)`: same bytes and same value as the field, its own name. */
export function wrapper<T>(path: string, of: ScaleType<T>, typeName?: string): ScaleType<T> {
  const field: FieldShape = typeName === undefined ? { type: of } : { type: of, typeName }
  return {
    shape: { kind: 'composite', path: path.split('::'), fields: [field] },
    minimumBytes: of.minimumBytes,
    encode: (value, out) => of.encode(value, out),
    decode: (input) => of.decode(input),
  }
}

/** The same type with generic parameters in its metadata. */
export function withParameters<T>(type: ScaleType<T>, parameters: TypeParameters): ScaleType<T> {
  const { shape } = type
  if (shape.kind !== 'composite' && shape.kind !== 'variant') throw new ScaleError(`${shape.kind} has no parameters`)
  return { ...type, shape: { ...shape, parameters } }
}

/** One case of an enum: its index and its payload; a tuple-like payload has fields `0`, `1`, …. */
export interface VariantCase<F extends Fields = Fields> {
  readonly index: number
  readonly fields: F
}

export function variantCase<F extends Fields>(index: number, fields: F): VariantCase<F> {
  return { index, fields }
}

export type VariantValue<Cases extends Readonly<Record<string, VariantCase>>> = {
  [Name in keyof Cases & string]: { readonly type: Name } & Readonly<FieldValues<Cases[Name]['fields']>>
}[keyof Cases & string]

/** An enum. The value is `{ type: 'Name', …fields }`; unnamed fields are called `0`, `1`, …. */
export function variant<const Cases extends Readonly<Record<string, VariantCase>>>(
  path: string,
  cases: Cases,
): ScaleType<VariantValue<Cases>> {
  const byIndex = new Map(Object.entries(cases).map(([name, item]) => [item.index, [name, item] as const]))
  return {
    shape: {
      kind: 'variant',
      path: path.split('::'),
      variants: Object.entries(cases).map(([name, { index, fields }]) => ({
        name,
        index,
        fields: Object.entries(fields).map(([field, type]) => (/^\d+$/.test(field) ? { type } : { name: field, type })),
      })),
    },
    minimumBytes: 1,
    encode: (value, out) => {
      const item = cases[value.type]
      if (item === undefined) throw new ScaleError(`${path}: no case ${String(value.type)}`)
      out.byte(item.index)
      encodeFields(item.fields, value, out)
    },
    decode: (input) => {
      const index = input.byte()
      const found = byIndex.get(index)
      if (found === undefined) throw new ScaleError(`${path}: no case with index ${index}`)
      return { type: found[0], ...decodeFields(found[1].fields, input) } as VariantValue<Cases>
    },
  }
}

/** `Option<T>`; None is `undefined`. */
export function option<T>(of: ScaleType<T>): ScaleType<T | undefined> {
  return {
    shape: {
      kind: 'variant',
      path: ['Option'],
      variants: [
        { name: 'None', index: 0, fields: [] },
        { name: 'Some', index: 1, fields: [{ type: of }] },
      ],
      parameters: { T: of },
    },
    minimumBytes: 1,
    encode: (value, out) => {
      out.byte(value === undefined ? 0 : 1)
      if (value !== undefined) of.encode(value, out)
    },
    decode: (input) => {
      const byte = input.byte()
      if (byte > 1) throw new ScaleError(`Option: byte ${byte}`)
      return byte === 0 ? undefined : of.decode(input)
    },
  }
}
