import { type BlockContext, constant, type Pallet } from '../pallet.ts'
import { boundedVec } from '../scale/collections.ts'
import { auraPublic, slot } from '../scale/frameTypes.ts'
import { decode, u64 } from '../scale/types.ts'
import { type Build, storageOf, value } from '../storage.ts'
import { storage as system } from './system.ts'

/** Length of a slot, which is the shortest time between two blocks. */
export const slotMs = { fast: 250n, normal: 12_000n } as const satisfies Record<Build, bigint>

const name = 'Aura'
const mostAuthorities = 32

export const storage = storageOf(name, {
  /** sr25519 keys of the block authors, who take turns. Genesis writes them. */
  Authorities: value(boundedVec(auraPublic, mostAuthorities), []),
  CurrentSlot: value(slot, 0n),
})

const engine = Buffer.from('aura')

/** Takes the slot out of the header's digest. */
function noteSlot({ state }: BlockContext): void {
  for (const log of state.get(system.Digest).logs) {
    if (log.type === 'PreRuntime' && engine.equals(log[0])) state.set(storage.CurrentSlot, [], decode(slot, log[1]))
  }
}

export const aura: Pallet = {
  name,
  index: 3,
  storage,
  calls: {},
  events: {},
  errors: {},
  constants: { SlotDuration: constant(u64, (build) => slotMs[build]) },
  onInitialize: noteSlot,
}
