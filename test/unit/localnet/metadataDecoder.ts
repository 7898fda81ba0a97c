import { Metadata, TypeRegistry } from '@polkadot/types'
import type { Runtime } from '../../../src/localnet/runtime.ts'

interface Entry {
  readonly name: string
  readonly valueType: string
  readonly keyTypes: readonly string[]
  readonly digestBytes: readonly number[]
}

const digestBytes: Readonly<Record<string, number>> = {
  Identity: 0,
  Twox64Concat: 8,
  Blake2_128Concat: 16,
  Blake2128Concat: 16,
}

/** Decodes storage as a client does that knows nothing but the served metadata. */
export class MetadataDecoder {
  readonly #registry = new TypeRegistry()
  readonly #entries = new Map<string, Entry>()

  constructor(runtime: Pick<Runtime, 'metadata' | 'pallets'>) {
    const hex = `0x${Buffer.from(runtime.metadata(14)).toString('hex')}` as const
    const metadata = new Metadata(this.#registry, hex)
    this.#registry.setMetadata(metadata, undefined, undefined, true)
    for (const pallet of metadata.asLatest.pallets) {
      for (const item of pallet.storage.isNone ? [] : pallet.storage.unwrap().items) {
        const name = `${pallet.name}.${item.name}`
        const { prefix } = runtime.pallets.find((one) => one.name === `${pallet.name}`)!.storage[`${item.name}`]!
        const { type } = item
        const hashers = type.isPlain ? [] : [...type.asMap.hashers].map((hasher) => hasher.type.toString())
        const key = type.isPlain ? undefined : type.asMap.key
        const parts =
          key === undefined
            ? []
            : hashers.length === 1
              ? [key]
              : [...metadata.asLatest.lookup.getSiType(key).def.asTuple]
        this.#entries.set(prefix, {
          name,
          valueType: this.#registry.createLookupType(type.isPlain ? type.asPlain : type.asMap.value),
          keyTypes: parts.map((part) => this.#registry.createLookupType(part)),
          digestBytes: hashers.map((hasher) => digestBytes[hasher]!),
        })
      }
    }
  }

  /** What is wrong with an entry; `undefined` where key and value decode to the last byte. */
  faultOf(key: string, value: Uint8Array | undefined): string | undefined {
    const entry = this.#entries.get(key.slice(0, 66))
    if (entry === undefined) return `${key}: no item of the metadata`
    try {
      let rest = Buffer.from(key.slice(66), 'hex')
      for (const [i, type] of entry.keyTypes.entries()) {
        rest = rest.subarray(entry.digestBytes[i]!)
        rest = rest.subarray(this.#registry.createTypeUnsafe(type, [rest]).encodedLength)
      }
      if (rest.length > 0) return `${entry.name}: ${rest.length} bytes too many in its key`
      if (value === undefined) return undefined
      const again = this.#registry.createTypeUnsafe(entry.valueType, [value]).toU8a()
      return Buffer.from(again).equals(value) ? undefined : `${entry.name}: its value does not read back`
    } catch (error) {
      return `${entry.name}: ${String(error)}`
    }
  }
}
