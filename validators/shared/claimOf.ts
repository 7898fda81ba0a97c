import type { Task, Truth } from 'faculty/defineValidator'
import { finalAnswer, parseLetter, parseNumber, plainWords } from './finalAnswer.ts'

/**
 * What the answer's declared final line says, without its dress: `$1,250.0` and `1250` claim the same, as do `(b)` and `B`.
 * Numbers that a score does not tell apart are mostly one claim too: a copier could else change each a little, stay right
 * wherever its source is, and seem to answer by itself.
 */
export function claimOf(task: Task, answer: string): string | undefined {
  const final = finalAnswer(answer)
  if (final === undefined) return undefined
  return claimIn(final, task) ?? (plainWords(final) || undefined)
}

function claimIn(final: string, { truth, question }: Task): string | undefined {
  if (truth.kind === 'choice') return parseLetter(final, truth.letters, question)?.toLowerCase()
  if (truth.kind !== 'number') return undefined
  const value = parseNumber(final, truth.unit)
  return value === undefined ? undefined : numberClaim(value, truth)
}

/** Steps so wide that of two numbers one tolerance apart three in four are one claim, of large ones every other. */
const stepTolerances = 4

function numberClaim(value: number, { value: right, tolerance }: Extract<Truth, { kind: 'number' }>): string {
  if (tolerance === 0) return String(value)
  if (Math.abs(value - right) <= tolerance) return String(right)
  // Whoever changes a wrong number does not know the right one: he changes it by a share of itself.
  const size = Math.abs(value) / Math.max(Math.abs(right), tolerance)
  // Whole numbers are wrong by whole numbers: neighbours are two claims.
  const step = Number.isInteger(right) && tolerance < 0.5 ? 1 : stepTolerances * tolerance
  const wide = step * 2 ** Math.max(0, Math.floor(Math.log2(size)))
  return `about ${Number((Math.round(value / wide) * wide).toPrecision(6))}`
}
