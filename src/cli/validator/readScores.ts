import type { z } from 'zod'
import { FacultyError, messageOf } from '../../base/errors.ts'
import { parseInput } from '../../base/parse.ts'
import type { ScoresView } from '../../validator/scoreLines.ts'
import { ValidatorError } from '../../validator/validatorError.ts'

const timeoutMs = 10_000

/** Asks the validator that runs on this machine. @param query e.g. `?uid=7` @throws FacultyError, InputError */
export async function askValidator<S extends z.ZodType>(port: number, query: string, schema: S): Promise<z.output<S>> {
  const at = `http://127.0.0.1:${port}/scores${query}`
  let found: unknown
  try {
    const response = await fetch(at, { signal: AbortSignal.timeout(timeoutMs) })
    found = await response.json()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new FacultyError(
      `no validator answers at ${at}: ${messageOf(error)}${cause}`,
      { code: 'unreachable' },
      { mend: 'start it with --status.port, or read its database with --db while it does not run', cause: error },
    )
  }
  const refusal = typeof found === 'object' && found !== null && 'error' in found ? String(found.error) : undefined
  if (refusal !== undefined) throw new FacultyError(refusal, { code: 'refused' })
  return parseInput(schema, found, at)
}

/** Looks into the database of a validator that does not run. @throws ValidatorError where it cannot be read */
export async function withDatabase<T>(path: string, look: (view: ScoresView) => T): Promise<T> {
  const { openAnyStore } = await import('../../validator/store.ts')
  const { store, of } = openForReading(openAnyStore, path)
  try {
    const seen = store.lastSeen.read()
    if (seen === undefined) {
      throw new ValidatorError(
        `${path} says nothing of a subnet: its validator has not seen one yet`,
        { code: 'bad-database', path },
        { mend: 'run the validator once; see faculty validator run --help' },
      )
    }
    const { block, miners, domains, shares, power = 1 } = seen
    return look({ ...of, block, miners, store, scoring: { domains: new Set(domains), shares, power } })
  } finally {
    store.close()
  }
}

function openForReading<T>(open: (path: string) => T, path: string): T {
  try {
    return open(path)
  } catch (error) {
    if (!(error instanceof ValidatorError)) throw error
    const mends: Partial<Record<ValidatorError['failure']['code'], string>> = {
      'database-in-use': 'a validator runs on it: ask that one, with its --status.port, or stop it',
      'bad-database': 'give the --db of a validator; by default it is under ~/.faculty/validators',
      'wrong-database': 'read it with the release of faculty that wrote it',
    }
    const mend = mends[error.failure.code]
    throw new ValidatorError(error.message, error.failure, { ...(mend !== undefined && { mend }), cause: error })
  }
}
