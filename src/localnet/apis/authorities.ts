import { storage as aura, slotMs } from '../pallets/aura.ts'
import { storage as grandpa } from '../pallets/grandpa.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { auraPublic, grandpaPublic } from '../scale/frameTypes.ts'
import { tuple, u64, vec, wrapper } from '../scale/types.ts'

const slotDuration = wrapper('sp_consensus_slots::SlotDuration', u64)

/** Who authors blocks, and how long a slot is in milliseconds. */
export const auraApi: RuntimeApi = {
  name: 'AuraApi',
  version: 1,
  methods: {
    slot_duration: method({}, slotDuration, ({ runtime }) => slotMs[runtime.build]),
    authorities: method({}, vec(auraPublic), ({ state }) => state.get(aura.Authorities)),
  },
}

/** Who finalises blocks. */
export const grandpaApi: RuntimeApi = {
  name: 'GrandpaApi',
  version: 3,
  methods: {
    grandpa_authorities: method({}, vec(tuple(grandpaPublic, u64)), ({ state }) => state.get(grandpa.Authorities)),
    current_set_id: method({}, u64, ({ state }) => state.get(grandpa.CurrentSetId)),
  },
}
