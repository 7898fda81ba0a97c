import type { Task } from './defineValidator.ts'

/**
 * A task's answer as a model should write it: the working; the result in words, the rule and its source; then the final
 * line, `Answer: 12`, which is all that a score reads.
 */
export function workedAnswer({ working, statement, rule, answer }: Task): string {
  const said = [statement, rule].filter((part) => part !== undefined).join(' ')
  return [working, said, `Answer: ${answer}`].filter((line) => line !== '').join('\n')
}
