import type { BlockContext, EventDefinition } from '../../pallet.ts'
import type { ScaleType } from '../../scale/types.ts'
import type { StorageItem } from '../../storage.ts'

/** A parameter of each subnet that announces its changes with an event (netuid, value). */
export interface SubnetParameter<V> {
  readonly item: StorageItem<readonly [number], V>
  readonly event: EventDefinition<{ readonly 0: ScaleType<number>; readonly 1: ScaleType<V> }>
}

/** Stores a subnet's parameter and deposits its event. */
export function setParameter<V extends NonNullable<unknown>>(
  context: BlockContext,
  { item, event }: SubnetParameter<V>,
  netuid: number,
  value: V,
): void {
  context.state.set(item, [netuid], value)
  context.emit(event, { 0: netuid, 1: value })
}
