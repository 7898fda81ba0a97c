import type { BlockContext } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import type { StorageItem } from '../../storage.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { totalStakeOfHotkey } from './hotkeyTotals.ts'
import { netuids } from './mechanisms.ts'
import { storage } from './storage.ts'

/**
 * Who lends its stake to whom on a subnet: `ChildKeys` of a parent and `ParentKeys` of a child, always two sides of
 * one relation. Proportions are of 2^64 − 1.
 *
 * @see facts: subtensor-chain.md, childkeys
 */

export type KeyShare = [proportion: bigint, hotkey: AccountId]

const mostChildren = 5
const whole = (1n << 64n) - 1n

type Side = StorageItem<readonly [AccountId, number], KeyShare[]>

/** No empty lists in the state. */
function write(state: State, side: Side, hotkey: AccountId, netuid: number, shares: KeyShare[]): void {
  if (shares.length === 0) state.remove(side, hotkey, netuid)
  else state.set(side, [hotkey, netuid], shares)
}

const without = (shares: readonly KeyShare[], hotkey: AccountId): KeyShare[] =>
  shares.filter(([, other]) => other !== hotkey)

/** Replaces the entry of a hotkey, or adds one at the end. */
function withShare(shares: readonly KeyShare[], share: KeyShare): KeyShare[] {
  const place = shares.findIndex(([, hotkey]) => hotkey === share[1])
  return place === -1 ? [...shares, share] : shares.with(place, share)
}

const byHotkey = (a: KeyShare, b: KeyShare): number => (a[1] < b[1] ? -1 : 1)

/** The rules for a hotkey's children. @throws DispatchFailure */
export function checkChildren(state: State, hotkey: AccountId, netuid: number, children: readonly KeyShare[]): void {
  if (children.some(([, child]) => child === hotkey)) throw errors.InvalidChild()
  if (children.length > mostChildren) throw errors.TooManyChildren()
  if (children.reduce((sum, [proportion]) => sum + proportion, 0n) > whole) throw errors.ProportionOverflow()
  const parents = new Set(state.get(storage.ParentKeys, hotkey, netuid).map(([, parent]) => parent))
  if (children.some(([, child]) => parents.has(child))) throw errors.ChildParentInconsistency()
}

/** Makes these the hotkey's children, both sides. */
export function setChildren(state: State, hotkey: AccountId, netuid: number, children: readonly KeyShare[]): void {
  const { ChildKeys, ParentKeys } = storage
  for (const [, gone] of state.get(ChildKeys, hotkey, netuid)) {
    if (children.some(([, child]) => child === gone)) continue
    write(state, ParentKeys, gone, netuid, without(state.get(ParentKeys, gone, netuid), hotkey))
  }
  // The chain keeps the list by account.
  write(state, ChildKeys, hotkey, netuid, [...children].sort(byHotkey))
  for (const [proportion, child] of children) {
    write(state, ParentKeys, child, netuid, withShare(state.get(ParentKeys, child, netuid), [proportion, hotkey]))
  }
}

/** Puts a new hotkey in the place of an old one in all relations of a subnet. @throws DispatchFailure InvalidChild */
export function renameInRelations(state: State, netuid: number, old: AccountId, fresh: AccountId): void {
  const { ChildKeys, ParentKeys, PendingChildKeys } = storage
  const children = state.get(ChildKeys, old, netuid)
  const parents = state.get(ParentKeys, old, netuid)
  if ([...children, ...parents].some(([, hotkey]) => hotkey === fresh)) throw errors.InvalidChild()
  setChildren(state, old, netuid, [])
  for (const [, parent] of parents) {
    write(state, ChildKeys, parent, netuid, without(state.get(ChildKeys, parent, netuid), old))
  }
  state.remove(ParentKeys, old, netuid)
  for (const [proportion, parent] of parents) {
    write(state, ChildKeys, parent, netuid, withShare(state.get(ChildKeys, parent, netuid), [proportion, fresh]))
  }
  // What the new hotkey lent or was lent before gives way.
  for (const [, parent] of state.get(ParentKeys, fresh, netuid)) {
    if (parents.some(([, other]) => other === parent)) continue
    write(state, ChildKeys, parent, netuid, without(state.get(ChildKeys, parent, netuid), fresh))
  }
  write(state, ParentKeys, fresh, netuid, [...parents].sort(byHotkey))
  setChildren(state, fresh, netuid, children)
  if (state.has(PendingChildKeys, netuid, old)) {
    const [pending, cooldown] = state.get(PendingChildKeys, netuid, old)
    checkChildren(state, fresh, netuid, pending)
    state.remove(PendingChildKeys, netuid, old)
    state.set(PendingChildKeys, [netuid, fresh], [pending, cooldown])
  }
  for (const [[, parent], [pending, cooldown]] of [...state.entries(PendingChildKeys, netuid)]) {
    const share = pending.find(([, child]) => child === old)
    if (share === undefined) continue
    state.set(PendingChildKeys, [netuid, parent], [[...without(pending, old), [share[0], fresh]], cooldown])
  }
}

/** Gives effect to the children whose cooldown is over. Those that break a rule by now are dropped without a word. */
export function applyPendingChildren(context: BlockContext, netuid: number): void {
  const { state } = context
  for (const [[, hotkey], [children, cooldown]] of [...state.entries(storage.PendingChildKeys, netuid)]) {
    if (cooldown >= BigInt(context.block)) continue
    state.remove(storage.PendingChildKeys, netuid, hotkey)
    const parents = new Set(state.get(storage.ParentKeys, hotkey, netuid).map(([, parent]) => parent))
    if (children.some(([, child]) => child === hotkey || parents.has(child))) continue
    setChildren(state, hotkey, netuid, children)
    context.emit(events.SetChildren, { 0: hotkey, 1: netuid, 2: children })
  }
}

/** A hotkey whose stake fell below the threshold loses the children that it has only asked for. */
export function dropPendingChildren(state: State, hotkey: AccountId): void {
  if (totalStakeOfHotkey(state, hotkey) >= state.get(storage.StakeThreshold)) return
  for (const netuid of netuids(state)) {
    if (state.has(storage.PendingChildKeys, netuid, hotkey)) state.remove(storage.PendingChildKeys, netuid, hotkey)
  }
}
