import { method, type RuntimeApi } from '../runtime.ts'
import { runtimeVersionType } from '../scale/frameTypes.ts'

/** The version. Blocks are executed by the node itself, so the API's other methods are not there. */
export const coreApi: RuntimeApi = {
  name: 'Core',
  version: 5,
  methods: {
    version: method({}, runtimeVersionType, ({ runtime: { version } }) => ({
      spec_name: version.specName,
      impl_name: version.implName,
      authoring_version: version.authoringVersion,
      spec_version: version.specVersion,
      impl_version: version.implVersion,
      apis: version.apis.map(([id, api]): [Uint8Array, number] => [Buffer.from(id.slice(2), 'hex'), api]),
      transaction_version: version.transactionVersion,
      system_version: version.systemVersion,
    })),
  },
}
