import { type MetadataVersion, metadataVersions, method, type RuntimeApi } from '../runtime.ts'
import { bytes, option, u32, vec, wrapper } from '../scale/types.ts'

const opaqueMetadata = wrapper('sp_core::OpaqueMetadata', bytes)

function isServed(version: number): version is MetadataVersion {
  return (metadataVersions as readonly number[]).includes(version)
}

/** Metadata by version; the method without a version gives V14, as the real node does. */
export const metadataApi: RuntimeApi = {
  name: 'Metadata',
  version: 2,
  methods: {
    metadata: method({}, opaqueMetadata, ({ runtime }) => runtime.metadata(14)),
    metadata_at_version: method({ version: u32 }, option(opaqueMetadata), ({ runtime }, { version }) =>
      isServed(version) ? runtime.metadata(version) : undefined,
    ),
    metadata_versions: method({}, vec(u32), () => [...metadataVersions]),
  },
}
