import { nonceOf } from '../pallets/system.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { accountId } from '../scale/chainTypes.ts'
import { u32 } from '../scale/types.ts'

/** Nonce of an account in the state; the pool is not looked at. */
export const accountNonceApi: RuntimeApi = {
  name: 'AccountNonceApi',
  version: 1,
  methods: {
    account_nonce: method({ account: accountId }, u32, ({ state }, { account }) => nonceOf(state, account)),
  },
}
