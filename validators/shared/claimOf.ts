import type { Task } from 'faculty/defineValidator'
import { finalAnswer, parseLetter, parseNumber, plainWords } from './finalAnswer.ts'

/**
 * What the answer's declared final line says, without its dress: `$1,250.0` and `1250` claim the same, as do `(b)` and `B`.
 */
export function claimOf(task: Task, answer: string): string | undefined {
  const final = finalAnswer(answer)
  if (final === undefined) return undefined
  return claimIn(final, task) ?? (plainWords(final) || undefined)
}

function claimIn(final: string, { truth, question }: Task): string | undefined {
  if (truth.kind === 'choice') return parseLetter(final, truth.letters, question)?.toLowerCase()
  if (truth.kind !== 'number') return undefined
  return parseNumber(final, truth.unit)?.toString()
}
