import type { Task } from 'faculty/defineValidator'
import { finalAnswer, parseNumber, plainWords } from './finalAnswer.ts'

/** What the answer's declared final line says, a number without its dress: `$1,250.0` and `1250` claim the same. */
export function claimOf(task: Task, answer: string): string | undefined {
  const final = finalAnswer(answer)
  if (final === undefined) return undefined
  const value = task.truth.kind === 'number' ? parseNumber(final, task.truth.unit) : undefined
  return value === undefined ? plainWords(final) || undefined : String(value)
}
