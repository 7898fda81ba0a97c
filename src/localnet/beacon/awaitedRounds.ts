import { isTimelocked } from '../pallets/commitments/revealCommitments.ts'
import { storage as commitments } from '../pallets/commitments/storage.ts'
import { storage as subtensor } from '../pallets/subtensor/storage.ts'
import type { State } from '../state.ts'

/** Rounds that something in the state is locked to. */
export function awaitedRounds(state: State): Set<bigint> {
  const rounds = new Set<bigint>()
  for (const [, queue] of state.entries(subtensor.TimelockedWeightCommits)) {
    for (const [, , , round] of queue) rounds.add(round)
  }
  for (const [netuid, who] of state.get(commitments.TimelockedIndex)) {
    const fields = state.get(commitments.CommitmentOf, netuid!, who!)?.info.fields ?? []
    for (const field of fields) if (isTimelocked(field)) rounds.add(field.reveal_round)
  }
  return rounds
}
