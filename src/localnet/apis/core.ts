import { wireVersion } from '../pallets/system/constants.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { runtimeVersionType } from '../scale/frameTypes.ts'

/** The version. Blocks are executed by the node itself, so the API's other methods are not there. */
export const coreApi: RuntimeApi = {
  name: 'Core',
  version: 5,
  methods: {
    version: method({}, runtimeVersionType, ({ runtime: { version } }) => wireVersion(version)),
  },
}
