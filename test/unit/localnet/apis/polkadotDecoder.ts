import { BTreeMap, Compact, Enum, Int, Metadata, Option, Raw, Struct, TypeRegistry, UInt } from '@polkadot/types'
import type { Codec } from '@polkadot/types/types'
import { stringCamelCase } from '@polkadot/util'
import type { Runtime } from '../../../../src/localnet/runtime.ts'
import type { Plain } from './realLayout.ts'

/** What @polkadot/types reads out of an answer, with no types but those of the served V15 metadata. */
export interface PolkadotDecoder {
  /** @throws Error where the answer does not come out byte for byte when it is encoded again */
  decode(method: string, answer: Uint8Array): Plain
  /** SCALE of a method's arguments, given in order. */
  encode(method: string, args: readonly unknown[]): Uint8Array
}

export function polkadotDecoder(runtime: Pick<Runtime, 'metadata'>): PolkadotDecoder {
  const registry = new TypeRegistry()
  const metadata = new Metadata(registry, `0x${Buffer.from(runtime.metadata(15)).toString('hex')}`)
  registry.setMetadata(metadata, undefined, undefined, true)
  const methods = new Map(
    [...metadata.asV15.apis].flatMap((api) =>
      [...api.methods].map((method) => [`${api.name}_${method.name}` as string, method] as const),
    ),
  )
  return {
    decode(name, answer) {
      const value = registry.createTypeUnsafe(registry.createLookupType(methods.get(name)!.output), [answer])
      const again = Buffer.from(value.toU8a())
      if (!again.equals(answer)) throw new Error(`${name}: ${again.length} bytes again, ${answer.length} given`)
      return plain(value)
    },
    encode(name, args) {
      const inputs = [...methods.get(name)!.inputs]
      return Buffer.concat(
        inputs.map(({ type }, i) => registry.createTypeUnsafe(registry.createLookupType(type), [args[i]]).toU8a()),
      )
    },
  }
}

/** The same plain values as `decodeReal` gives, names in camel case. */
function plain(value: Codec): Plain {
  if (value instanceof Option) return value.isNone ? null : plain(value.unwrap())
  if (value instanceof Compact) return plain(value.unwrap())
  if (value instanceof Struct) return Object.fromEntries([...value].map(([name, field]) => [name, plain(field)]))
  if (value instanceof Enum) return { [value.type]: value.isNone ? null : plain(value.inner) }
  if (value instanceof BTreeMap) return [...value].map(([key, item]) => [plain(key), plain(item)])
  if (value instanceof UInt || value instanceof Int) return value.toBigInt()
  if (value instanceof Raw) return value.toHex()
  if (Array.isArray(value)) return value.map(plain)
  return value.toPrimitive() as boolean
}

/** Names as @polkadot/types writes them. */
export function camelCased(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(camelCased)
  if (value === null || typeof value !== 'object') return value
  // The cases of an enum keep their names.
  const name = (key: string): string => (/^[A-Z]/.test(key) ? key : stringCamelCase(key))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [name(key), camelCased(item)]))
}
