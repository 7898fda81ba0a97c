import { multiAddress } from '../scale/chainTypes.ts'
import { multiSignature } from '../scale/frameTypes.ts'
import type { ScaleWriter } from '../scale/io.ts'
import type { ValueOf } from '../scale/types.ts'
import { describeApi, describeOuterEnums, describeRuntime } from './describeRuntime.ts'
import { metadataV16, type PalletEntry } from './format.ts'
import type { Described } from './makeMetadata.ts'

const deprecation = { type: 'NotDeprecated' } as const

/** Everything after the version byte. */
export function writeMetadataV16(described: Described, out: ScaleWriter): void {
  const { registry, pallets, extensions } = describeRuntime(described)
  const extrinsic = {
    versions: [4],
    address: registry.idOf(multiAddress),
    call: registry.idOf(described.runtimeCall),
    signature: registry.idOf(multiSignature),
    extensionsByVersion: [[0, extensions.map((_, i) => i)]] as [number, number[]][],
    extensions,
  }
  const outerEnums = describeOuterEnums(registry, described)
  const apis = described.apis.map((api) => {
    const { name, methods, docs } = describeApi(registry, api)
    const described = methods.map((method) => ({ ...method, deprecation }))
    return { name, methods: described, docs, version: api.version, deprecation }
  })
  metadataV16.encode(
    { lookup: registry.entries(), pallets: pallets.map(palletOf), extrinsic, apis, outerEnums, custom: [] },
    out,
  )
}

/** The configuration's types and view functions stay empty: nothing of ours is declared that way. */
function palletOf(pallet: PalletEntry): ValueOf<typeof metadataV16>['pallets'][number] {
  const { storage } = pallet
  const enumOf = (type: number | undefined) => (type === undefined ? undefined : { type, deprecatedCases: [] })
  return {
    ...pallet,
    storage:
      storage === undefined
        ? undefined
        : { prefix: storage.prefix, items: storage.items.map((item) => ({ ...item, deprecation })) },
    calls: enumOf(pallet.calls),
    events: enumOf(pallet.events),
    constants: pallet.constants.map((constant) => ({ ...constant, deprecation })),
    errors: enumOf(pallet.errors),
    associatedTypes: [],
    viewFunctions: [],
    deprecation,
  }
}
