import { i96f32 } from '../../../fixed/fixedFormat.ts'
import type { State } from '../../state.ts'
import { storage } from './storage.ts'

const stableMechanism = 0

/** The price that emission and pruning go by, as I96F32: 1 on a stable subnet, which trades one to one. */
export function movingPriceOf(state: State, netuid: number): bigint {
  if (state.get(storage.SubnetMechanism, netuid) === stableMechanism) return i96f32.one
  return state.get(storage.SubnetMovingPrice, netuid)
}
