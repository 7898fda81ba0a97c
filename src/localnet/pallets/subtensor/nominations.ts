import type { BlockContext } from '../../pallet.ts'
import { clearSmallNomination } from './staking.ts'
import { storage } from './storage.ts'

/** Pays back every nomination that is worth less than the minimum. */
export function clearSmallNominations(context: BlockContext): void {
  for (const [[hotkey, coldkey, netuid]] of [...context.state.entries(storage.AlphaV2)]) {
    clearSmallNomination(context, { coldkey, hotkey, netuid })
  }
}
