import type { EpochScores } from '../../../yuma/epochOutput.ts'
import type { State } from '../../state.ts'
import { storage393 } from './release393.ts'

const { Rank, Trust, PruningScores } = storage393

/** Vectors by uid that releases up to 393 keep beside those of all releases; none where the release has none. */
export function scoreItems(state: State): (typeof Rank)[] {
  return state.face.rules.scores === 'kept' ? [Rank, Trust, PruningScores] : []
}

export function storeScores(state: State, netuid: number, { rank, trust, pruning }: EpochScores): void {
  state.set(Rank, [netuid], [...rank])
  state.set(Trust, [netuid], [...trust])
  state.set(PruningScores, [netuid], [...pruning])
}

export interface Scores {
  readonly rank: number[]
  readonly trust: number[]
  readonly pruning: number[]
}

/** Empty vectors where the release keeps none. */
export function scoresOf(state: State, netuid: number): Scores {
  const [rank = [], trust = [], pruning = []] = scoreItems(state).map((item) => state.get(item, netuid))
  return { rank, trust, pruning }
}
