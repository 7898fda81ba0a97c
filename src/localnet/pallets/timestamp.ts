import { badOrigin, call, constant, type Pallet } from '../pallet.ts'
import { compact, u64 } from '../scale/types.ts'
import { storageOf, value } from '../storage.ts'
import { slotMs } from './aura.ts'

const name = 'Timestamp'

export const storage = storageOf(name, {
  /** Time of the block in execution, in milliseconds since 1970. */
  Now: value(u64, 0n),
})

const calls = {
  /** The inherent that opens every block; nobody can send it. */
  set: call(0, { now: compact(u64) }, (context, { now }) => {
    if (context.origin.kind !== 'none') throw badOrigin()
    context.state.set(storage.Now, [], now)
  }),
}

export const timestamp: Pallet = {
  name,
  index: 2,
  storage,
  calls,
  events: {},
  errors: {},
  constants: { MinimumPeriod: constant(u64, (build) => slotMs[build] / 2n) },
}
