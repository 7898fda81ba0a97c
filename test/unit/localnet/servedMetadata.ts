import { Metadata, type PortableRegistry, TypeRegistry } from '@polkadot/types'
import type { SiField, SiType, SiVariant } from '@polkadot/types/interfaces'
import type { MetadataVersion, Runtime } from '../../../src/localnet/runtime.ts'

/** Rows as test/vectors/chain/subtensor-metadata-424.json writes them. */
export type StorageRow = [
  name: string,
  modifier: string,
  hashers: string[],
  keys: string[],
  value: string,
  fallback: string,
]
/** Index, name, fields. */
export type CaseRow = [number, string, string[]]
export type ConstantRow = [name: string, type: string, value: string]

export interface PalletRows {
  readonly pallet: string
  readonly index: number
  readonly storagePrefix?: string
  readonly storage?: StorageRow[]
  readonly calls?: CaseRow[]
  readonly events?: CaseRow[]
  readonly errors?: [number, string][]
  readonly constants?: ConstantRow[]
}

export interface TypeRow {
  readonly kind: 'struct' | 'enum'
  readonly path: string
  readonly fields?: string[]
  readonly variants?: CaseRow[]
}

/** What a client sees of a runtime's metadata, decoded by @polkadot/types from the served bytes. */
export interface ServedMetadata {
  readonly version: number
  readonly pallets: PalletRows[]
  readonly extensions: { id: string; extra: string; implicit: string }[]
  readonly extrinsicVersion: number
  readonly apis: { api: string; methods: [string, string[], string][] }[]
  /** Named types by path, as far as rows mention them. */
  readonly types: Map<string, TypeRow>
  /** The named type without content that stands for the runtime, and the outer enums' paths. */
  readonly outer: string[]
  readonly firstType: string
}

/** Types whose parameters the rows spell out. */
const generic = new Set(['Option', 'Result', 'BoundedVec', 'WeakBoundedVec', 'BTreeMap', 'BTreeSet'])
const fixedPoint: Readonly<Record<string, string>> = {
  'FixedI64 U32': 'I32F32',
  'FixedI128 U32': 'I96F32',
  'FixedI128 U64': 'I64F64',
  'FixedU128 U32': 'U96F32',
  'FixedU128 U64': 'U64F64',
}
/** Named composites around an integer that release 424 did not have yet. @see facts: current-generation.md, 1.2 */
export const newComposites = new Set(['NetUid', 'MechId', 'NetUidStorageIndex', 'TaoBalance', 'AlphaBalance', 'PerU16'])

/** @param unwrapped show the composites as the integers inside, as release 424 did */
export function readServed(
  runtime: Pick<Runtime, 'metadata'>,
  version: MetadataVersion,
  unwrapped: boolean,
): ServedMetadata {
  const registry = new TypeRegistry()
  const metadata = new Metadata(registry, `0x${Buffer.from(runtime.metadata(version)).toString('hex')}`)
  registry.setMetadata(metadata, undefined, undefined, true)
  const { lookup } = metadata.asLatest
  const names = new TypeNames(lookup, unwrapped)
  const latest = version === 16 ? metadata.asV16 : version === 15 ? metadata.asV15 : metadata.asV14
  const pallets = [...latest.pallets].map((pallet): PalletRows => {
    const { storage, calls, events, errors } = pallet
    return {
      pallet: pallet.name.toString(),
      index: pallet.index.toNumber(),
      ...(storage.isNone
        ? {}
        : {
            storagePrefix: storage.unwrap().prefix.toString(),
            storage: [...storage.unwrap().items].map((item): StorageRow => {
              const { isPlain } = item.type
              const value = isPlain ? item.type.asPlain : item.type.asMap.value
              const hashers = isPlain ? [] : [...item.type.asMap.hashers].map((hasher) => hasher.type)
              const keys = isPlain ? [] : names.keys(item.type.asMap.key.toNumber(), hashers.length)
              return [
                item.name.toString(),
                item.modifier.type,
                hashers,
                keys,
                names.of(value.toNumber()),
                item.fallback.toHex(),
              ]
            }),
          }),
      ...(calls.isNone ? {} : { calls: names.cases(calls.unwrap().type.toNumber()) }),
      ...(events.isNone ? {} : { events: names.cases(events.unwrap().type.toNumber()) }),
      ...(errors.isNone
        ? {}
        : { errors: names.cases(errors.unwrap().type.toNumber()).map(([index, name]) => [index, name]) }),
      constants: [...pallet.constants].map((constant) => [
        constant.name.toString(),
        names.of(constant.type.toNumber()),
        constant.value.toHex(),
      ]),
    }
  })
  const named = version === 16 ? metadata.asV16 : version === 15 ? metadata.asV15 : undefined
  const apis = [...(named?.apis ?? [])].map((api) => ({
    api: api.name.toString(),
    methods: [...api.methods].map((method): [string, string[], string] => [
      `${api.name}_${method.name}`,
      [...method.inputs].map((input) => `${input.name}: ${names.of(input.type.toNumber())}`),
      names.of(method.output.toNumber()),
    ]),
  }))
  const outerTypes =
    named === undefined ? [] : [named.outerEnums.callType, named.outerEnums.eventType, named.outerEnums.errorType]
  const outer = outerTypes.map((id) => names.pathOf(id.toNumber()))
  const extensions =
    'transactionExtensions' in latest.extrinsic
      ? [...latest.extrinsic.transactionExtensions].map(({ identifier, type, implicit }) => ({
          identifier,
          type,
          implicit,
        }))
      : [...latest.extrinsic.signedExtensions].map(({ identifier, type, additionalSigned: implicit }) => ({
          identifier,
          type,
          implicit,
        }))
  return {
    version: metadata.version,
    pallets,
    extensions: extensions.map(({ identifier, type, implicit }) => ({
      id: identifier.toString(),
      extra: names.of(type.toNumber()),
      implicit: names.of(implicit.toNumber()),
    })),
    extrinsicVersion:
      'versions' in latest.extrinsic ? Math.max(...latest.extrinsic.versions) : latest.extrinsic.version.toNumber(),
    apis,
    types: names.types,
    outer,
    firstType: names.pathOf(0),
  }
}

/** Writes types as the rows do, and takes note of the named ones it meets. */
class TypeNames {
  readonly types = new Map<string, TypeRow>()
  readonly #lookup: PortableRegistry
  readonly #unwrapped: boolean

  constructor(lookup: PortableRegistry, unwrapped: boolean) {
    this.#lookup = lookup
    this.#unwrapped = unwrapped
  }

  pathOf(id: number): string {
    return this.#type(id).path.join('::')
  }

  /** Key types of a map with so many hashers. */
  keys(id: number, count: number): string[] {
    if (count === 1) return [this.of(id)]
    return [...this.#type(id).def.asTuple].map((part) => this.of(part.toNumber()))
  }

  of(id: number): string {
    const { def, path, params } = this.#type(id)
    if (def.isPrimitive) return def.asPrimitive.type.toLowerCase()
    if (def.isCompact) return `Compact<${this.of(def.asCompact.type.toNumber())}>`
    if (def.isSequence) return `Vec<${this.of(def.asSequence.type.toNumber())}>`
    if (def.isArray) return `[${this.of(def.asArray.type.toNumber())};${def.asArray.len}]`
    if (def.isTuple) return `(${[...def.asTuple].map((part) => this.of(part.toNumber())).join()})`
    const name = path.at(-1)!.toString()
    if (this.#unwrapped && newComposites.has(name)) return this.of(def.asComposite.fields[0]!.type.toNumber())
    const given = [...params].flatMap(({ type }) => (type.isNone ? [] : [type.unwrap().toNumber()]))
    if (generic.has(name)) return `${name}<${given.map((param) => this.of(param)).join()}>`
    if (path[0]!.toString() === 'substrate_fixed') {
      const [bits] = given
      return fixedPoint[`${name} ${this.#type(bits!).path.at(-1)}`]!
    }
    // One name for several types: the file has the one of weights.
    if (name !== 'PerDispatchClass' || this.of(given[0]!) === 'Weight') this.#note(id)
    return name
  }

  cases(id: number): CaseRow[] {
    return [...this.#type(id).def.asVariant.variants].map((variant: SiVariant) => [
      variant.index.toNumber(),
      variant.name.toString(),
      this.#fields(variant.fields),
    ])
  }

  #fields(fields: Iterable<SiField>): string[] {
    return [...fields].map(({ name, type }) => {
      const of = this.of(type.toNumber())
      return name.isNone ? of : `${name.unwrap()}: ${of}`
    })
  }

  #note(id: number): void {
    const { def, path } = this.#type(id)
    const key = path.join('::')
    if (this.types.has(key) || /^node_subtensor_runtime::Runtime(Call|Event)$/.test(key)) return
    // First the place, then the content: types may contain themselves.
    this.types.set(key, { kind: 'struct', path: key })
    this.types.set(
      key,
      def.isVariant
        ? { kind: 'enum', path: key, variants: this.cases(id) }
        : { kind: 'struct', path: key, fields: this.#fields(def.asComposite.fields) },
    )
  }

  #type(id: number): SiType {
    return this.#lookup.getSiType(id as never)
  }
}
