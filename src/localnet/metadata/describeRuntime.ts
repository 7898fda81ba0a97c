import type { Pallet } from '../pallet.ts'
import type { RuntimeApi } from '../runtime.ts'
import { accountId } from '../scale/chainTypes.ts'
import { type AnyType, encode, fieldShapes, tuple, type ValueOf } from '../scale/types.ts'
import { signedExtensions } from '../signedExtensions.ts'
import type { Build, StorageItem } from '../storage.ts'
import { hasherIndex, type metadataV15, modifierIndex, type PalletEntry, type TypeEntry } from './format.ts'
import type { Described } from './makeMetadata.ts'
import { TypeRegistry } from './typeRegistry.ts'

/** What all versions have in common. The registry is still open for more types. */
export interface Description {
  readonly registry: TypeRegistry
  readonly pallets: PalletEntry[]
  readonly extensions: { identifier: string; type: number; implicit: number }[]
  /** Id of the runtime itself, a type without content. */
  readonly runtime: number
}

const runtimePath = 'node_subtensor_runtime'
const noDocs: string[] = []

export function describeRuntime({ face, build, pallets }: Described): Description {
  const registry = new TypeRegistry(face.composites, (name) => {
    return name === 'RuntimeCall' ? outerEnum(registry, pallets, 'Call') : outerEnum(registry, pallets, 'Event')
  })
  // The Python client takes type 0 for the account everywhere.
  registry.idOf(accountId)
  return {
    registry,
    pallets: pallets.map((pallet) => palletEntry(registry, pallet, build)),
    extensions: signedExtensions.map(({ identifier, extra, implicit }) => ({
      identifier,
      type: registry.idOf(extra),
      implicit: registry.idOf(implicit),
    })),
    runtime: registry.define('Runtime', () => entry([runtimePath, 'Runtime'], { type: 'Composite', fields: [] })),
  }
}

type Kind = 'Call' | 'Event' | 'Error'

/** Ids of the outer enums, which V15 and later name. */
export function describeOuterEnums(
  registry: TypeRegistry,
  { runtimeCall, runtimeEvent, pallets }: Described,
): { call: number; event: number; error: number } {
  return {
    call: registry.idOf(runtimeCall),
    event: registry.idOf(runtimeEvent),
    error: registry.define('RuntimeError', () => outerEnum(registry, pallets, 'Error')),
  }
}

type ApiEntry = ValueOf<typeof metadataV15>['apis'][number]

/** A runtime API as V15 and later describe it. */
export function describeApi(registry: TypeRegistry, { name, methods }: RuntimeApi): ApiEntry {
  return {
    name,
    methods: Object.entries(methods).map(([method, { inputs, output }]) => ({
      name: method,
      inputs: Object.entries(inputs).map(([input, type]) => ({ name: input, type: registry.idOf(type) })),
      output: registry.idOf(output),
      docs: noDocs,
    })),
    docs: noDocs,
  }
}

/** One case for each pallet that has any of this kind. */
function outerEnum(registry: TypeRegistry, pallets: readonly Pallet[], kind: Kind): TypeEntry {
  const variants = pallets.flatMap((pallet) => {
    const type = palletEnum(registry, pallet, kind)
    if (type === undefined) return []
    const typeName = `${pallet.name}${kind}`
    return [
      {
        name: pallet.name,
        index: pallet.index,
        fields: [{ name: undefined, type, typeName, docs: noDocs }],
        docs: noDocs,
      },
    ]
  })
  return entry([runtimePath, `Runtime${kind}`], { type: 'Variant', variants })
}

/** Id of a pallet's own enum, or nothing where it would be empty. */
function palletEnum(registry: TypeRegistry, pallet: Pallet, kind: Kind): number | undefined {
  const cases = casesOf(pallet, kind)
  if (cases.length === 0) return undefined
  return registry.define(`${pallet.name} ${kind}`, () => {
    const variants = cases.map(({ name, index, fields, docs }) => {
      const shapes = fieldShapes(fields).map(({ name, type }) =>
        /^\d+$/.test(name!) ? { type } : { name: name!, type },
      )
      return { name, index, fields: registry.fieldEntries(shapes), docs }
    })
    return entry([crateOf(pallet), 'pallet', kind], { type: 'Variant', variants })
  })
}

interface Case {
  readonly name: string
  readonly index: number
  readonly fields: Readonly<Record<string, AnyType>>
  readonly docs: string[]
}

function casesOf({ calls, events, errors, errorDocs = {} }: Pallet, kind: Kind): Case[] {
  const table =
    kind === 'Call'
      ? Object.entries(calls).map(([name, { index, fields }]) => ({ name, index, fields, docs: noDocs }))
      : kind === 'Event'
        ? Object.entries(events).map(([name, { index, fields }]) => ({ name, index, fields, docs: noDocs }))
        : Object.entries(errors).map(([name, index]) => {
            return { name, index, fields: {}, docs: [errorDocs[name] ?? inWords(name)] }
          })
  return table.sort((a, b) => a.index - b.index)
}

/** `NotEnoughStake` → `Not enough stake.` The Python SDK shows no name for an error that has no text. */
function inWords(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').toLowerCase()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** Crates whose name does not follow from the pallet's. */
const crates: Readonly<Record<string, string>> = {
  MevShield: 'pallet_shield',
  System: 'frame_system',
  SubtensorModule: 'pallet_subtensor',
  Proxy: 'pallet_subtensor_proxy',
  Swap: 'pallet_subtensor_swap',
  Utility: 'pallet_subtensor_utility',
}

function crateOf({ name }: Pallet): string {
  return crates[name] ?? `pallet_${name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}`
}

function palletEntry(registry: TypeRegistry, pallet: Pallet, build: Build): PalletEntry {
  const items = Object.values(pallet.storage)
  return {
    name: pallet.name,
    storage:
      items.length === 0
        ? undefined
        : { prefix: pallet.name, items: items.map((item) => storageEntry(registry, item, build)) },
    calls: palletEnum(registry, pallet, 'Call'),
    events: palletEnum(registry, pallet, 'Event'),
    constants: Object.entries(pallet.constants).map(([name, { type, value }]) => ({
      name,
      type: registry.idOf(type),
      value: encode(type, value(build)),
      docs: noDocs,
    })),
    errors: palletEnum(registry, pallet, 'Error'),
    index: pallet.index,
    docs: noDocs,
  }
}

type StorageEntry = NonNullable<PalletEntry['storage']>['items'][number]

function storageEntry(registry: TypeRegistry, item: StorageItem, build: Build): StorageEntry {
  const value = registry.idOf(item.value)
  const keyTypes = item.keys.map(({ type }) => type)
  const [only] = keyTypes
  const key = keyTypes.length === 1 ? only! : tuple(...keyTypes)
  return {
    name: item.name,
    modifier: modifierIndex[item.modifier],
    type:
      only === undefined
        ? { type: 'Plain', value }
        : { type: 'Map', hashers: item.keys.map(({ hasher }) => hasherIndex[hasher]), key: registry.idOf(key), value },
    // An optional item's default is None.
    fallback: item.modifier === 'Optional' ? Uint8Array.of(0) : encode(item.value, item.fallback(build)),
    docs: noDocs,
  }
}

function entry(path: string[], def: TypeEntry['def']): TypeEntry {
  return { path, params: [], def, docs: noDocs }
}
