import { event, eventsOf } from '../../pallet.ts'
import { accountId, netUid } from '../../scale/chainTypes.ts'
import { u64 } from '../../scale/types.ts'

export const name = 'Commitments'
export const index = 18

export const events = eventsOf(name, index, {
  Commitment: event(0, { netuid: netUid, who: accountId }),
  TimelockCommitment: event(1, { netuid: netUid, who: accountId, reveal_round: u64 }),
  CommitmentRevealed: event(2, { netuid: netUid, who: accountId }),
})
