import { hashHex } from '../../extrinsic.ts'
import { type BlockContext, type Call, call, signer } from '../../pallet.ts'
import { type AccountId, type Hex32, multiAddress } from '../../scale/chainTypes.ts'
import { encode, option, type ScaleType } from '../../scale/types.ts'
import { attempt, outcomeOf } from '../attempt.ts'
import { lookUp } from '../lookUp.ts'
import { removeAnnouncements } from './announcements.ts'
import { findProxy } from './delegates.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { proxyAllows } from './filters.ts'
import { storage } from './storage.ts'
import { type Announcement, type ProxyTypeName, proxyType } from './types.ts'

/** Makes a call for an account, under the limits of its delegate. That it fails is told by the event. */
function run(context: BlockContext, real: AccountId, type: ProxyTypeName, inner: Call): void {
  // A new origin: limits under which the delegate itself is called are not the account's.
  const allows = (call: Call): boolean => proxyAllows(type, call)
  const result = outcomeOf(attempt(context, inner, { kind: 'signed', account: real, allows }))
  context.state.set(storage.LastCallResult, [real], result)
  context.emit(events.ProxyExecuted, { result })
}

/** What a delegate announces. */
function callHash(runtimeCall: ScaleType<Call>, inner: Call): Hex32 {
  return hashHex(encode(runtimeCall, inner))
}

export function runProxyCalls(runtimeCall: ScaleType<Call>) {
  return {
    proxy: call(
      0,
      { real: multiAddress, force_proxy_type: option(proxyType), call: runtimeCall },
      (context, { force_proxy_type, call: inner, ...args }) => {
        const who = signer(context)
        const real = lookUp(args.real)
        const { proxy_type, delay } = findProxy(context.state, real, who, force_proxy_type)
        if (delay > 0) throw errors.Unannounced()
        run(context, real, proxy_type.type, inner)
      },
    ),
    /** By anybody, since the delegate has announced it and the account has not objected. */
    proxy_announced: call(
      9,
      { delegate: multiAddress, real: multiAddress, force_proxy_type: option(proxyType), call: runtimeCall },
      (context, { force_proxy_type, call: inner, ...args }) => {
        signer(context)
        const [delegate, real] = [lookUp(args.delegate), lookUp(args.real)]
        const { proxy_type, delay } = findProxy(context.state, real, delegate, force_proxy_type)
        const hash = callHash(runtimeCall, inner)
        const isDue = (announcement: Announcement): boolean => {
          const { real: whose, call_hash, height } = announcement
          return whose === real && call_hash === hash && context.block - height >= delay
        }
        const [announced] = context.state.get(storage.Announcements, delegate)
        if (!announced.some(isDue)) throw errors.Unannounced()
        removeAnnouncements(context, delegate, isDue)
        run(context, real, proxy_type.type, inner)
      },
    ),
  }
}
