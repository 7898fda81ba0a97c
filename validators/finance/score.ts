import type { Task } from 'faculty/defineValidator'
import { scoreFinal } from '../shared/scoreFinal.ts'

/** Score in [0, 1] of a miner's whole answer text: right or wrong by its last `Answer:` line. */
export function score(task: Task, answer: string): number {
  return scoreFinal(task, answer)
}
