import { constant, type Pallet } from '../pallet.ts'
import { taoBalance } from '../scale/chainTypes.ts'
import { u32 } from '../scale/types.ts'
import { events, index, name } from './commitments/events.ts'
import { revealCommitments } from './commitments/revealCommitments.ts'
import { commitmentCalls, errorIndices } from './commitments/setCommitment.ts'
import { storage } from './commitments/storage.ts'
import { mostFields } from './commitments/types.ts'

/** What neurons publish of themselves on a subnet, at once or from a round of the beacon on. */
export const commitments: Pallet = {
  name,
  index,
  storage,
  calls: commitmentCalls,
  events,
  errors: errorIndices,
  constants: {
    MaxFields: constant(u32, mostFields),
    InitialDeposit: constant(taoBalance, 0n),
    FieldDeposit: constant(taoBalance, 0n),
  },
  onInitialize: revealCommitments,
}
