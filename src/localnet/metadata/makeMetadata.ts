import type { Face } from '../face.ts'
import type { Pallet } from '../pallet.ts'
import type { MetadataVersion, RuntimeApi } from '../runtime.ts'
import { ScaleWriter } from '../scale/io.ts'
import type { AnyType } from '../scale/types.ts'
import type { Build } from '../storage.ts'
import { metadataMagic } from './format.ts'
import { writeMetadataV14 } from './metadataV14.ts'
import { writeMetadataV15 } from './metadataV15.ts'
import { writeMetadataV16 } from './metadataV16.ts'

/** What metadata describes. */
export interface Described {
  readonly build: Build
  readonly face: Face
  /** In order of their index. */
  readonly pallets: readonly Pallet[]
  readonly apis: readonly RuntimeApi[]
  readonly runtimeCall: AnyType
  readonly runtimeEvent: AnyType
}

const writers = { 14: writeMetadataV14, 15: writeMetadataV15, 16: writeMetadataV16 } as const satisfies Record<
  MetadataVersion,
  unknown
>

/** @returns a function that gives the whole blob of a version, the same bytes at each call */
export function makeMetadata(described: Described): (version: MetadataVersion) => Uint8Array {
  const known = new Map<MetadataVersion, Uint8Array>()
  return (version) => {
    const ready = known.get(version)
    if (ready !== undefined) return ready
    const out = new ScaleWriter()
    out.u32(metadataMagic)
    out.byte(version)
    writers[version](described, out)
    const blob = out.finish()
    known.set(version, blob)
    return blob
  }
}
