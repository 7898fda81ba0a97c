import { constant, type Pallet } from '../../pallet.ts'
import type { RuntimeParts } from '../../runtime.ts'
import { taoBalance } from '../../scale/chainTypes.ts'
import { u32 } from '../../scale/types.ts'
import { announcementCalls } from './announcements.ts'
import { delegateCalls } from './delegates.ts'
import { announcementDeposit, proxyDeposit } from './deposit.ts'
import { errorDocs, errorIndices } from './errors.ts'
import { events } from './events.ts'
import { pokeCalls } from './poke.ts'
import { pureAccountCalls } from './pureAccounts.ts'
import { runProxyCalls } from './runProxy.ts'
import { index, maxPending, maxProxies, name, storage } from './storage.ts'

/**
 * Lets accounts act for others, within limits and perhaps after a time in which the other can object.
 *
 * @see facts: subtensor-chain.md, (d) Proxy; polkadot-sdk `substrate/frame/proxy`
 */
export function proxy({ runtimeCall }: RuntimeParts): Pallet {
  return {
    name,
    index,
    storage,
    calls: {
      ...runProxyCalls(runtimeCall),
      ...delegateCalls,
      ...pureAccountCalls,
      ...announcementCalls,
      ...pokeCalls,
    },
    events,
    errors: errorIndices,
    errorDocs,
    constants: {
      ProxyDepositBase: constant(taoBalance, proxyDeposit.base),
      ProxyDepositFactor: constant(taoBalance, proxyDeposit.each),
      MaxProxies: constant(u32, maxProxies),
      MaxPending: constant(u32, maxPending),
      AnnouncementDepositBase: constant(taoBalance, announcementDeposit.base),
      AnnouncementDepositFactor: constant(taoBalance, announcementDeposit.each),
    },
  }
}
