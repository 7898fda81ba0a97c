import { constant, type Pallet } from '../pallet.ts'
import { weakBoundedVec } from '../scale/collections.ts'
import { grandpaPublic } from '../scale/frameTypes.ts'
import { tuple, u32, u64, variant, variantCase } from '../scale/types.ts'
import { storageOf, value } from '../storage.ts'

const name = 'Grandpa'

const stoppable = { scheduled_at: u32, delay: u32 }
const storedState = variant('pallet_grandpa::StoredState', {
  Live: variantCase(0, {}),
  PendingPause: variantCase(1, stoppable),
  Paused: variantCase(2, {}),
  PendingResume: variantCase(3, stoppable),
})

/** Who would finalise blocks. Here each block is final as it is made, so nothing of this ever changes. */
export const storage = storageOf(name, {
  State: value(storedState, { type: 'Live' }),
  CurrentSetId: value(u64, 0n),
  /** Ed25519 keys with their weights. Genesis writes them. */
  Authorities: value(weakBoundedVec(tuple(grandpaPublic, u64)), []),
})

export const grandpa: Pallet = {
  name,
  index: 4,
  storage,
  calls: {},
  events: {},
  errors: {},
  constants: {
    MaxAuthorities: constant(u32, 32),
    MaxNominators: constant(u32, 20),
    MaxSetIdSessionEntries: constant(u64, 0n),
  },
}
