import { type BlockContext, call, signer } from '../../pallet.ts'
import type { AccountId, accountId } from '../../scale/chainTypes.ts'
import type { ValueOf } from '../../scale/types.ts'
import type { StorageItem } from '../../storage.ts'
import { adjustDeposit, announcementDeposit, type DepositRule, depositFor, proxyDeposit } from './deposit.ts'
import { events } from './events.ts'
import { storage } from './storage.ts'
import type { depositKind } from './types.ts'

type List = StorageItem<readonly [ValueOf<typeof accountId>], [readonly unknown[], bigint]>

function poke(
  context: BlockContext,
  who: AccountId,
  list: List,
  rule: DepositRule,
  kind: ValueOf<typeof depositKind>,
): void {
  const { state } = context
  const [entries, old] = state.get(list, who)
  const due = depositFor(rule, entries.length)
  if (due === old) return
  adjustDeposit(context, who, old, due)
  if (entries.length === 0) state.remove(list, who)
  else state.set(list, [who], [entries, due])
  context.emit(events.DepositPoked, { who, kind, old_deposit: old, new_deposit: due })
}

export const pokeCalls = {
  /** Brings deposits that were made under other rules to what the rules ask for now. */
  poke_deposit: call(10, {}, (context) => {
    const who = signer(context)
    poke(context, who, storage.Proxies as unknown as List, proxyDeposit, { type: 'Proxies' })
    poke(context, who, storage.Announcements as unknown as List, announcementDeposit, { type: 'Announcements' })
  }),
}
