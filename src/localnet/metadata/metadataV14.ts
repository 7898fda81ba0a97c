import type { ScaleWriter } from '../scale/io.ts'
import { uncheckedExtrinsic } from '../uncheckedExtrinsic.ts'
import { describeRuntime } from './describeRuntime.ts'
import { metadataV14 } from './format.ts'
import type { Described } from './makeMetadata.ts'

/** Everything after the version byte. */
export function writeMetadataV14(described: Described, out: ScaleWriter): void {
  const { registry, pallets, extensions, runtime } = describeRuntime(described)
  const extrinsic = { type: registry.idOf(uncheckedExtrinsic(described.runtimeCall)), version: 4, extensions }
  metadataV14.encode({ lookup: registry.entries(), pallets, extrinsic, runtime }, out)
}
