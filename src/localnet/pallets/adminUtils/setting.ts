import { type CallContext, type CallDefinition, call, type EventDefinition, requireRoot } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import { netUid } from '../../scale/chainTypes.ts'
import type { ScaleType } from '../../scale/types.ts'
import type { StorageItem } from '../../storage.ts'
import { subnetExists } from '../subtensor/mechanisms.ts'
import {
  type LimitedChange,
  recordChange,
  requireOpenWindow,
  requireOwnerOrRoot,
  requireRateLimit,
} from '../subtensor/ownerLimits.ts'
import { type SubnetParameter, setParameter } from '../subtensor/parameters.ts'
import { errors } from './errors.ts'

/** A change of one value of one subnet: what is checked beyond the caller, and what it does. */
export interface Change<V> {
  /** @param owner the owner's coldkey, `undefined` for root */
  check?(context: CallContext, netuid: number, value: V, owner: AccountId | undefined): void
  apply(context: CallContext, netuid: number, value: V): void
}

/** Stores the value and deposits the event of SubtensorModule that belongs to it. */
export function parameterChange<V extends NonNullable<unknown>>(
  parameter: SubnetParameter<V>,
  check?: Change<V>['check'],
): Change<V> {
  const apply: Change<V>['apply'] = (context, netuid, value) => setParameter(context, parameter, netuid, value)
  return check === undefined ? { apply } : { check, apply }
}

/** Stores the value and says nothing. */
export function silentChange<V extends NonNullable<unknown>>(
  item: StorageItem<readonly [number], V>,
  check?: Change<V>['check'],
): Change<V> {
  const apply: Change<V>['apply'] = (context, netuid, value) => context.state.set(item, [netuid], value)
  return check === undefined ? { apply } : { check, apply }
}

function requireSubnet(context: CallContext, netuid: number): void {
  if (!subnetExists(context.state, netuid)) throw errors.SubnetDoesNotExist()
}

/** The work of an owner's change with any arguments; see `ownerSetting`. */
export function changeAsOwner(
  context: CallContext,
  netuid: number,
  limit: LimitedChange | undefined,
  work: (owner: AccountId | undefined) => void,
): void {
  const owner = requireOwnerOrRoot(context, netuid)
  requireSubnet(context, netuid)
  if (owner !== undefined && limit !== undefined) requireRateLimit(context, owner, netuid, limit)
  requireOpenWindow(context, netuid)
  work(owner)
  if (limit !== undefined) recordChange(context, owner, netuid, limit)
}

/**
 * A value that the subnet's owner may change, so often as `limit` says, and root at any time, both outside the
 * freeze window.
 *
 * @see facts: subtensor-chain.md, (e)
 */
export function ownerSetting<V>(
  index: number,
  argument: string,
  type: ScaleType<V>,
  limit: LimitedChange | undefined,
  change: Change<V>,
): CallDefinition {
  return call(index, { netuid: netUid, [argument]: type }, (context, args) => {
    const netuid = args.netuid as number
    const value = args[argument] as V
    changeAsOwner(context, netuid, limit, (owner) => {
      change.check?.(context, netuid, value, owner)
      change.apply(context, netuid, value)
    })
  })
}

/** A value of a subnet that only root may change. @param freeze whether the freeze window binds root too */
export function rootSetting<V>(
  index: number,
  argument: string,
  type: ScaleType<V>,
  freeze: 'frozen' | 'always',
  change: Change<V>,
): CallDefinition {
  return call(index, { netuid: netUid, [argument]: type }, (context, args) => {
    const netuid = args.netuid as number
    const value = args[argument] as V
    requireRoot(context)
    requireSubnet(context, netuid)
    if (freeze === 'frozen') requireOpenWindow(context, netuid)
    change.check?.(context, netuid, value, undefined)
    change.apply(context, netuid, value)
  })
}

/** A value of the whole chain that only root may change. */
export function globalSetting<V extends NonNullable<unknown>>(
  index: number,
  argument: string,
  item: StorageItem<readonly [], V>,
  event?: EventDefinition<{ readonly 0: ScaleType<V> }>,
  check?: (value: V) => void,
): CallDefinition {
  return call(index, { [argument]: item.value as ScaleType<V> }, (context, args) => {
    const value = args[argument] as V
    requireRoot(context)
    check?.(value)
    context.state.set(item, [], value)
    if (event !== undefined) context.emit(event, { 0: value })
  })
}
