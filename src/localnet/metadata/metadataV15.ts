import type { RuntimeApi } from '../runtime.ts'
import { multiAddress } from '../scale/chainTypes.ts'
import { multiSignature } from '../scale/frameTypes.ts'
import type { ScaleWriter } from '../scale/io.ts'
import type { AnyType, ValueOf } from '../scale/types.ts'
import { extraType } from '../uncheckedExtrinsic.ts'
import { describeRuntime, runtimeErrorEntry } from './describeRuntime.ts'
import { metadataV15 } from './format.ts'
import type { Described } from './makeMetadata.ts'
import type { TypeRegistry } from './typeRegistry.ts'

/** Everything after the version byte. */
export function writeMetadataV15(described: Described, out: ScaleWriter): void {
  const { registry, pallets, extensions, runtime } = describeRuntime(described)
  const { runtimeCall, runtimeEvent } = described
  const extrinsic = {
    version: 4,
    address: registry.idOf(multiAddress),
    call: registry.idOf(runtimeCall),
    signature: registry.idOf(multiSignature),
    extra: registry.idOf(extraType),
    extensions,
  }
  const outerEnums = {
    call: registry.idOf(runtimeCall),
    event: registry.idOf(runtimeEvent),
    error: registry.define('RuntimeError', () => runtimeErrorEntry(registry, described.pallets)),
  }
  const apis = described.apis.map((api) => apiEntry(registry, api))
  metadataV15.encode({ lookup: registry.entries(), pallets, extrinsic, runtime, apis, outerEnums, custom: [] }, out)
}

type ApiEntry = ValueOf<typeof metadataV15>['apis'][number]

function apiEntry(registry: TypeRegistry, { name, methods }: RuntimeApi): ApiEntry {
  const idOf = (type: AnyType): number => registry.idOf(type)
  return {
    name,
    methods: Object.entries(methods).map(([method, { inputs, output }]) => ({
      name: method,
      inputs: Object.entries(inputs).map(([input, type]) => ({ name: input, type: idOf(type) })),
      output: idOf(output),
      docs: [],
    })),
    docs: [],
  }
}
