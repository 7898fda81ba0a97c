import { accountId, taoBalance } from '../../scale/chainTypes.ts'
import { boundedVec } from '../../scale/collections.ts'
import { tuple, unit } from '../../scale/types.ts'
import { map, optionalMap, storageOf, twox64 } from '../../storage.ts'
import { announcement, callResult, proxyDefinition } from './types.ts'

export const name = 'Proxy'
export const index = 16

/** Most delegates of an account. */
export const maxProxies = 20
/** Most announcements of a delegate that wait for their calls. */
export const maxPending = 75

export const storage = storageOf(name, {
  /** Delegates of an account in ascending order, and its deposit for them in rao. */
  Proxies: map([twox64(accountId)], tuple(boundedVec(proxyDefinition, maxProxies), taoBalance), [[], 0n]),
  /** What a delegate has announced, oldest first, and its deposit in rao. */
  Announcements: map([twox64(accountId)], tuple(boundedVec(announcement, maxPending), taoBalance), [[], 0n]),
  /** How the last call that a delegate made for the account ended. */
  LastCallResult: optionalMap([twox64(accountId)], callResult),
  /** There where the account pays the fees of calls that the delegate makes for it. */
  RealPaysFee: optionalMap([twox64(accountId), twox64(accountId)], unit),
})
