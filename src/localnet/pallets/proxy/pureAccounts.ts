import { blake2b256 } from '../../extrinsic.ts'
import { call, signer } from '../../pallet.ts'
import { type AccountId, accountId, multiAddress } from '../../scale/chainTypes.ts'
import { byteArray, compact, encode, struct, u16, u32, type ValueOf } from '../../scale/types.ts'
import { reserve, unreserve } from '../balances.ts'
import { lookUp } from '../lookUp.ts'
import { depositFor, proxyDeposit } from './deposit.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { storage } from './storage.ts'
import { proxyType } from './types.ts'

/** What a pure account's id is the hash of. */
const seed = struct('', {
  prefix: byteArray(16),
  spawner: accountId,
  height: u32,
  extrinsicIndex: u32,
  proxyType,
  /** Tells apart accounts that one extrinsic makes. */
  index: u16,
})

/**
 * The account that `create_pure` makes for a spawner in one extrinsic of one block. Nobody has its key.
 *
 * @see polkadot-sdk `pallet_proxy` pure_account
 */
export function pureAccount(parts: Omit<ValueOf<typeof seed>, 'prefix'>): AccountId {
  const bytes = encode(seed, { ...parts, prefix: Buffer.from('modlpy/proxy____') })
  return `0x${Buffer.from(blake2b256(bytes)).toString('hex')}`
}

export const pureAccountCalls = {
  create_pure: call(4, { proxy_type: proxyType, delay: u32, index: u16 }, (context, { proxy_type, delay, index }) => {
    const who = signer(context)
    const { state, block: height, extrinsicIndex = 0 } = context
    const pure = pureAccount({ spawner: who, height, extrinsicIndex, proxyType: proxy_type, index })
    if (state.has(storage.Proxies, pure)) throw errors.Duplicate()
    const deposit = depositFor(proxyDeposit, 1)
    reserve(context, who, deposit)
    state.set(storage.Proxies, [pure], [[{ delegate: who, proxy_type, delay }], deposit])
    context.emit(events.PureCreated, { pure, who, proxy_type, disambiguation_index: index })
  }),
  /** By the account itself, so through its proxy: where and when it was made proves which one it is. */
  kill_pure: call(
    5,
    { spawner: multiAddress, proxy_type: proxyType, index: u16, height: compact(u32), ext_index: compact(u32) },
    (context, { proxy_type, index, height, ext_index, ...args }) => {
      const pure = signer(context)
      const spawner = lookUp(args.spawner)
      const made = pureAccount({ spawner, height, extrinsicIndex: ext_index, proxyType: proxy_type, index })
      if (made !== pure) throw errors.NoPermission()
      const [, deposit] = context.state.get(storage.Proxies, pure)
      context.state.remove(storage.Proxies, pure)
      unreserve(context, spawner, deposit)
      context.emit(events.PureKilled, { pure, spawner, proxy_type, disambiguation_index: index })
    },
  ),
}
