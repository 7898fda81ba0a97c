import type { z } from 'zod'
import { wireLimits } from './wireLimits.ts'

/** The first thing that is wrong, with the field's path, fit to be told to a peer. @param whole what the value is called */
export function problemOf({ issues }: z.ZodError, whole: string): string {
  const { path, message } = issues[0]!
  const where = path.length === 0 ? whole : path.map(String).join('.')
  return `${where}: ${message}`.slice(0, wireLimits.maxErrorChars)
}
