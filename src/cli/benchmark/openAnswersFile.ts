import { closeSync, openSync, writeSync } from 'node:fs'
import { InputError, messageOf } from '../../base/errors.ts'
import { truthOf } from '../../domain/benchmarks/mark.ts'
import type { OutcomeEvent } from '../../domain/benchmarks/runBenchmark.ts'

export interface AnswersFile {
  readonly write: (event: OutcomeEvent) => void
  readonly close: () => void
}

/**
 * A file with one line of JSON a question: what was answered, what was read of it, what is right.
 *
 * @throws InputError where it cannot be written
 */
export function openAnswersFile(path: string): AnswersFile {
  let file: number
  try {
    file = openSync(path, 'w', 0o600)
  } catch (error) {
    throw new InputError('--answers', path, messageOf(error), { cause: error })
  }
  return {
    write: ({ group, item, reply, outcome }) => {
      const { isRight = false, said } = outcome.mark ?? {}
      writeSync(file, `${JSON.stringify({ group, id: item.id, isRight, said, truth: truthOf(item.gold), ...reply })}\n`)
    },
    close: () => closeSync(file),
  }
}
