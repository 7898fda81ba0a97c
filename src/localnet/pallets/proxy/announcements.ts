import { type BlockContext, call, signer } from '../../pallet.ts'
import { type AccountId, h256, multiAddress } from '../../scale/chainTypes.ts'
import { lookUp } from '../lookUp.ts'
import { findProxy } from './delegates.ts'
import { adjustDeposit, announcementDeposit, depositFor } from './deposit.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { maxPending, storage } from './storage.ts'
import type { Announcement } from './types.ts'

function announce(context: BlockContext, proxy: AccountId, { real, call_hash, height }: Announcement): void {
  const { state } = context
  findProxy(state, real, proxy, undefined)
  const [pending, deposit] = state.get(storage.Announcements, proxy)
  if (pending.length >= maxPending) throw errors.TooMany()
  const next = [...pending, { real, call_hash, height }]
  const due = depositFor(announcementDeposit, next.length)
  adjustDeposit(context, proxy, deposit, due)
  state.set(storage.Announcements, [proxy], [next, due])
  context.emit(events.Announced, { real, proxy, call_hash })
}

/**
 * Takes a delegate's announcements off the chain, and gives back their deposit.
 *
 * @throws DispatchFailure Proxy.NotFound where none is meant
 */
export function removeAnnouncements(
  context: BlockContext,
  delegate: AccountId,
  isMeant: (announcement: Announcement) => boolean,
): void {
  const { state } = context
  const [pending, deposit] = state.get(storage.Announcements, delegate)
  const next = pending.filter((announcement) => !isMeant(announcement))
  if (next.length === pending.length) throw errors.NotFound()
  const due = depositFor(announcementDeposit, next.length)
  adjustDeposit(context, delegate, deposit, due)
  if (next.length === 0) state.remove(storage.Announcements, delegate)
  else state.set(storage.Announcements, [delegate], [next, due])
}

/** @param hash BLAKE2b-256 of the encoded call */
const is = (real: AccountId, hash: string) => (announcement: Announcement) => {
  return announcement.real === real && announcement.call_hash === hash
}

export const announcementCalls = {
  announce: call(6, { real: multiAddress, call_hash: h256 }, (context, { real, call_hash }) => {
    announce(context, signer(context), { real: lookUp(real), call_hash, height: context.block })
  }),
  /** By the delegate, who thought better of it. */
  remove_announcement: call(7, { real: multiAddress, call_hash: h256 }, (context, { real, call_hash }) => {
    const delegate = signer(context)
    removeAnnouncements(context, delegate, is(lookUp(real), call_hash))
  }),
  /** By the account that the call would be made for. */
  reject_announcement: call(8, { delegate: multiAddress, call_hash: h256 }, (context, { delegate, call_hash }) => {
    const real = signer(context)
    removeAnnouncements(context, lookUp(delegate), is(real, call_hash))
  }),
}
