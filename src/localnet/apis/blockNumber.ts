import { storage as system } from '../pallets/system.ts'
import type { State } from '../state.ts'

/** Number of the block whose state this is; runtime APIs look at the state after a block. */
export function blockNumber(state: State): number {
  return state.get(system.Number)
}
