import { type BlockContext, call, signer } from '../../pallet.ts'
import { type AccountId, multiAddress } from '../../scale/chainTypes.ts'
import { bool, encode, u32 } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { storageKey } from '../../storage.ts'
import { unreserve } from '../balances.ts'
import { lookUp } from '../lookUp.ts'
import { adjustDeposit, depositFor, proxyDeposit } from './deposit.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { maxProxies, storage } from './storage.ts'
import { type ProxyDefinition, type ProxyType, proxyType } from './types.ts'

/** Place of a type in the list of an account's delegates: its index. */
function rank(type: ProxyType): number {
  return encode(proxyType, type)[0]!
}

/** Below 0, 0 or above 0 as the first comes before, is, or comes after the second. */
function compare(a: ProxyDefinition, b: ProxyDefinition): number {
  if (a.delegate !== b.delegate) return a.delegate < b.delegate ? -1 : 1
  return rank(a.proxy_type) - rank(b.proxy_type) || a.delay - b.delay
}

/**
 * The first entry of a delegate, or the first of that type.
 *
 * @throws DispatchFailure Proxy.NotProxy
 */
export function findProxy(
  state: State,
  real: AccountId,
  delegate: AccountId,
  type: ProxyType | undefined,
): ProxyDefinition {
  const [definitions] = state.get(storage.Proxies, real)
  const found = definitions.find((definition) => {
    return definition.delegate === delegate && (type === undefined || definition.proxy_type.type === type.type)
  })
  if (found === undefined) throw errors.NotProxy()
  return found
}

function addProxy(context: BlockContext, delegator: AccountId, added: ProxyDefinition): void {
  const { state } = context
  if (delegator === added.delegate) throw errors.NoSelfProxy()
  const [definitions, deposit] = state.get(storage.Proxies, delegator)
  if (definitions.some((definition) => compare(definition, added) === 0)) throw errors.Duplicate()
  if (definitions.length >= maxProxies) throw errors.TooMany()
  const next = [...definitions, added].sort(compare)
  const due = depositFor(proxyDeposit, next.length)
  adjustDeposit(context, delegator, deposit, due)
  state.set(storage.Proxies, [delegator], [next, due])
  const { delegate: delegatee, proxy_type, delay } = added
  context.emit(events.ProxyAdded, { delegator, delegatee, proxy_type, delay })
}

function removeProxy(context: BlockContext, delegator: AccountId, removed: ProxyDefinition): void {
  const { state } = context
  const [definitions, deposit] = state.get(storage.Proxies, delegator)
  const next = definitions.filter((definition) => compare(definition, removed) !== 0)
  if (next.length === definitions.length) throw errors.NotFound()
  const due = depositFor(proxyDeposit, next.length)
  adjustDeposit(context, delegator, deposit, due)
  if (next.length === 0) state.remove(storage.Proxies, delegator)
  else state.set(storage.Proxies, [delegator], [next, due])
  const { delegate: delegatee, proxy_type, delay } = removed
  state.remove(storage.RealPaysFee, delegator, delegatee)
  context.emit(events.ProxyRemoved, { delegator, delegatee, proxy_type, delay })
}

/** The value of an entry that says no more than that it is there. */
const present = new Uint8Array()

const fields = { delegate: multiAddress, proxy_type: proxyType, delay: u32 }

export const delegateCalls = {
  add_proxy: call(1, fields, (context, { delegate, proxy_type, delay }) => {
    const who = signer(context)
    addProxy(context, who, { delegate: lookUp(delegate), proxy_type, delay })
  }),
  remove_proxy: call(2, fields, (context, { delegate, proxy_type, delay }) => {
    const who = signer(context)
    removeProxy(context, who, { delegate: lookUp(delegate), proxy_type, delay })
  }),
  /** All of them at once, without an event for each. */
  remove_proxies: call(3, {}, (context) => {
    const who = signer(context)
    const [, deposit] = context.state.get(storage.Proxies, who)
    context.state.remove(storage.Proxies, who)
    unreserve(context, who, deposit)
    context.state.removePrefix(storage.RealPaysFee, who)
  }),
  /** Lets a delegate's calls be at the cost of the account, or of the delegate again. */
  set_real_pays_fee: call(11, { delegate: multiAddress, pays_fee: bool }, (context, args) => {
    const real = signer(context)
    const delegate = lookUp(args.delegate)
    findProxy(context.state, real, delegate, undefined)
    if (args.pays_fee) context.state.setRaw(storageKey(storage.RealPaysFee, [real, delegate]), present)
    else context.state.remove(storage.RealPaysFee, real, delegate)
    context.emit(events.RealPaysFeeSet, { real, delegate, pays_fee: args.pays_fee })
  }),
}
