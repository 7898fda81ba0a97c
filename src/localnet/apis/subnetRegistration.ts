import { networkLockCost } from '../pallets/subtensor/lockCost.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { taoBalance } from '../scale/chainTypes.ts'
import { blockNumber } from './blockNumber.ts'

/** What registering a subnet costs. */
export const subnetRegistrationApi: RuntimeApi = {
  name: 'SubnetRegistrationRuntimeApi',
  version: 1,
  methods: {
    get_network_registration_cost: method({}, taoBalance, ({ state }) => networkLockCost(state, blockNumber(state))),
  },
}
