import { InputError } from '../../base/errors.ts'
import { decodeAddress } from '../../keys/ss58.ts'
import type { AnyType, FieldShape, VariantShape } from '../scale/types.ts'

/**
 * The value of a chain type out of JSON, after the type's description: integers as numbers or decimal or `0x` strings,
 * bytes as `0x` hex or text, accounts as SS58 or hex, enums as `"Case"` or `{ "Case": … }`, options as the value or null.
 *
 * @param field what the value is called where it came from
 * @throws InputError where the JSON does not fit the type
 */
export function fromJson(type: AnyType, json: unknown, field: string): unknown {
  const { shape } = type
  switch (shape.kind) {
    case 'primitive':
      return primitiveOf(shape.name, json, field)
    case 'compact':
      return fromJson(shape.of, json, field)
    case 'sequence':
      if (isByte(shape.of)) return bytesOf(json, field)
      return listOf(json, field).map((item, i) => fromJson(shape.of, item, `${field}[${i}]`))
    case 'array': {
      const items = isByte(shape.of) ? bytesOf(json, field) : listOf(json, field)
      if (items.length !== shape.length) throw new InputError(field, json, `give ${shape.length} elements`)
      if (items instanceof Uint8Array) return items
      return items.map((item, i) => fromJson(shape.of, item, `${field}[${i}]`))
    }
    case 'tuple': {
      const items = shape.of.length === 0 ? [] : listOf(json, field)
      if (items.length !== shape.of.length) throw new InputError(field, json, `give ${shape.of.length} elements`)
      // `()` is undefined inside.
      return shape.of.length === 0 ? undefined : shape.of.map((of, i) => fromJson(of, items[i], `${field}[${i}]`))
    }
    case 'composite':
      return compositeOf(shape.path.at(-1) ?? '', shape.fields, json, field)
    case 'variant':
      return shape.path.join() === 'Option'
        ? optionOf(shape.variants, json, field)
        : caseOf(shape.variants, json, field)
    case 'runtime':
      throw new InputError(field, json, `a ${shape.name} cannot be given as JSON: give the raw bytes`)
  }
}

const isByte = ({ shape }: AnyType): boolean => shape.kind === 'primitive' && shape.name === 'u8'

function primitiveOf(name: string, json: unknown, field: string): unknown {
  if (name === 'bool') {
    if (typeof json === 'boolean') return json
    throw new InputError(field, json, 'give true or false')
  }
  if (name === 'str') {
    if (typeof json === 'string') return json
    throw new InputError(field, json, 'give a text')
  }
  const isText = typeof json === 'string' && /^(-?\d+|0x[0-9a-fA-F]+)$/.test(json)
  if (!isText && !Number.isSafeInteger(json) && typeof json !== 'bigint') {
    throw new InputError(field, json, 'give a whole number; above 2^53 as a string')
  }
  const integer = BigInt(json as string | number | bigint)
  return Number(name.slice(1)) > 32 ? integer : Number(integer)
}

/** Accounts and hashes are hex text inside; a composite around one unnamed field is that field. */
function compositeOf(name: string, fields: readonly FieldShape[], json: unknown, field: string): unknown {
  if (name === 'AccountId32') return accountOf(json, field)
  if (name === 'H256') return `0x${Buffer.from(bytesOf(json, field)).toString('hex')}`
  if (fields.length === 1 && fields[0]!.name === undefined) return fromJson(fields[0]!.type, json, field)
  return fieldsOf(fields, json, field)
}

function fieldsOf(fields: readonly FieldShape[], json: unknown, field: string): Record<string, unknown> {
  const given: Readonly<Record<string, unknown>> = Array.isArray(json)
    ? Object.fromEntries(json.map((value, i) => [String(i), value]))
    : objectOf(json, field)
  const names = fields.map((one, i) => one.name ?? String(i))
  const strange = Object.keys(given).find((name) => !names.includes(name))
  if (strange !== undefined) throw new InputError(`${field}.${strange}`, given[strange], `known: ${names.join(', ')}`)
  return Object.fromEntries(names.map((name, i) => [name, fromJson(fields[i]!.type, given[name], `${field}.${name}`)]))
}

function optionOf(variants: readonly VariantShape[], json: unknown, field: string): unknown {
  if (json === null || json === undefined) return undefined
  return fromJson(variants.find(({ name }) => name === 'Some')!.fields[0]!.type, json, field)
}

function caseOf(variants: readonly VariantShape[], json: unknown, field: string): unknown {
  const entry: readonly [string, unknown] | undefined =
    typeof json === 'string' ? [json, undefined] : Object.entries(objectOf(json, field))[0]
  const found = variants.find(({ name }) => name === entry?.[0])
  if (entry === undefined || found === undefined) {
    throw new InputError(field, json, `give one of ${variants.map(({ name }) => name).join(', ')}`)
  }
  const [, content] = entry
  if (found.fields.length === 0) return { type: found.name }
  const isPlain = found.fields.length === 1 && found.fields[0]!.name === undefined
  return { type: found.name, ...fieldsOf(found.fields, isPlain ? [content] : content, `${field}.${found.name}`) }
}

function accountOf(json: unknown, field: string): string {
  if (typeof json !== 'string') throw new InputError(field, json, 'give an SS58 address or 0x and 64 hex digits')
  if (/^0x[0-9a-fA-F]{64}$/.test(json)) return json.toLowerCase()
  return `0x${Buffer.from(decodeAddress(json).publicKey).toString('hex')}`
}

function bytesOf(json: unknown, field: string): Uint8Array {
  if (typeof json !== 'string') throw new InputError(field, json, 'give bytes as 0x hex or as text')
  return /^0x([0-9a-fA-F]{2})*$/.test(json) ? Buffer.from(json.slice(2), 'hex') : Buffer.from(json, 'utf8')
}

function listOf(json: unknown, field: string): readonly unknown[] {
  if (Array.isArray(json)) return json
  throw new InputError(field, json, 'give a list')
}

function objectOf(json: unknown, field: string): Readonly<Record<string, unknown>> {
  if (json !== null && typeof json === 'object' && !Array.isArray(json)) return json as Record<string, unknown>
  throw new InputError(field, json, 'give an object')
}
