import { multiAddress } from '../scale/chainTypes.ts'
import { multiSignature } from '../scale/frameTypes.ts'
import type { ScaleWriter } from '../scale/io.ts'
import { extraType } from '../uncheckedExtrinsic.ts'
import { describeApi, describeOuterEnums, describeRuntime } from './describeRuntime.ts'
import { metadataV15 } from './format.ts'
import type { Described } from './makeMetadata.ts'

/** Everything after the version byte. */
export function writeMetadataV15(described: Described, out: ScaleWriter): void {
  const { registry, pallets, extensions, runtime } = describeRuntime(described)
  const extrinsic = {
    version: 4,
    address: registry.idOf(multiAddress),
    call: registry.idOf(described.runtimeCall),
    signature: registry.idOf(multiSignature),
    extra: registry.idOf(extraType),
    extensions,
  }
  const outerEnums = describeOuterEnums(registry, described)
  const apis = described.apis.map((api) => describeApi(registry, api))
  metadataV15.encode({ lookup: registry.entries(), pallets, extrinsic, runtime, apis, outerEnums, custom: [] }, out)
}
