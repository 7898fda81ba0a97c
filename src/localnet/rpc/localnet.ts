import { z } from 'zod'
import { parseInterval } from '../interval.ts'
import { type Methods, unsafeMethod } from './method.ts'

const blocks = z.number().int().min(1).max(1_000_000).default(1)
const interval = z.string().transform((text, context) => {
  const parsed = parseInterval(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'give a time such as 250ms or 12s, instant or manual' })
  return z.NEVER
})

/** What only a dev chain can do. */
export const localnetMethods: Methods = {
  /** Makes this many blocks at once. @returns number and hash of the last one */
  localnet_mine: unsafeMethod([blocks], ({ node }, count) => node.mine(count)),
  localnet_setInterval: unsafeMethod([interval], ({ node }, wanted) => {
    node.setInterval(wanted)
    return node.info()
  }),
  localnet_info: unsafeMethod([], ({ node }) => node.info()),
}
