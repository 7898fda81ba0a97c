import { event, eventsOf } from '../../pallet.ts'
import { accountId, h256, taoBalance } from '../../scale/chainTypes.ts'
import { bool, u16, u32 } from '../../scale/types.ts'
import { index, name } from './storage.ts'
import { callResult, depositKind, proxyType } from './types.ts'

const pure = { proxy_type: proxyType, disambiguation_index: u16 }
const delegation = { delegator: accountId, delegatee: accountId, proxy_type: proxyType, delay: u32 }

export const events = eventsOf(name, index, {
  ProxyExecuted: event(0, { result: callResult }),
  PureCreated: event(1, { pure: accountId, who: accountId, ...pure }),
  PureKilled: event(2, { pure: accountId, spawner: accountId, ...pure }),
  Announced: event(3, { real: accountId, proxy: accountId, call_hash: h256 }),
  ProxyAdded: event(4, delegation),
  ProxyRemoved: event(5, delegation),
  DepositPoked: event(6, { who: accountId, kind: depositKind, old_deposit: taoBalance, new_deposit: taoBalance }),
  RealPaysFeeSet: event(7, { real: accountId, delegate: accountId, pays_fee: bool }),
})
