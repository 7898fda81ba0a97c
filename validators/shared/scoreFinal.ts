import type { Task } from 'faculty/defineValidator'
import { finalAnswer, finalText, parseLetter, parseNumber, plainWords } from './finalAnswer.ts'
import { scoreClaims } from './rubric.ts'

/**
 * 1 where the answer's declared final line is right, else 0.
 *
 * Free text is everything from that line on. Labels must match exactly after case and punctuation are dropped, and so must
 * letters, which their own option may follow; a number must lie within the task's tolerance. What declares several answers, or none, is wrong.
 */
export function scoreFinal(task: Task, answer: string): number {
  if (task.truth.kind === 'claims') {
    const text = finalText(answer)
    return text === undefined ? 0 : scoreClaims(task.truth, text)
  }
  const final = finalAnswer(answer)
  if (final === undefined) return 0
  switch (task.truth.kind) {
    case 'label':
      return plainWords(final) === plainWords(task.truth.label) ? 1 : 0
    case 'choice':
      return parseLetter(final, task.truth.letters, task.question) === task.truth.letter ? 1 : 0
    case 'number': {
      const value = parseNumber(final, task.truth.unit)
      return value !== undefined && Math.abs(value - task.truth.value) <= task.truth.tolerance ? 1 : 0
    }
  }
}
