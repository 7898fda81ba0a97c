import type { z } from 'zod'
import { InputError } from './errors.ts'

/**
 * Parses a value that came from outside. Everything inside the program trusts the type that this returns.
 *
 * @param name what the value is called where it came from; leads the field path in the error
 * @throws InputError naming the first offending field, its value and what was expected
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const field = [name, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  throw new InputError(field, at(value, issue.path), issue.message, { cause: result.error })
}

/** Parses text as JSON and then as `schema`. @throws InputError, also where the text is not JSON */
export function parseJson<S extends z.ZodType>(schema: S, text: string, name: string): z.output<S> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InputError(name, text, 'give well-formed JSON', { cause: error })
  }
  return parseInput(schema, value, name)
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const key of path) {
    if (current === null || typeof current !== 'object') return undefined
    current = (current as Record<PropertyKey, unknown>)[key]
  }
  return current
}
