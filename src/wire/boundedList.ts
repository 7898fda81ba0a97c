import { z } from 'zod'

/**
 * A list of `min` to `max` items. Its length is looked at first: left to itself zod checks every item of a list that is too
 * long and keeps an issue for each, which takes seconds for as many as a request has room for.
 */
export function boundedList<S extends z.ZodType>(item: S, max: number, min = 1) {
  return z.array(z.unknown()).min(min).max(max).pipe(z.array(item))
}
