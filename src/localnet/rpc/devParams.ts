import { z } from 'zod'
import { parseInterval } from '../interval.ts'

/** Parameters of the `localnet_*` methods. */

export const blocks = z.number().int().min(1).max(1_000_000).default(1)
export const netuid = z.number().int().min(0).max(0xffff)
export const uid = netuid
export const milliseconds = z.number().int().min(0).max(8_640_000_000_000_000)

export const interval = z.string().transform((text, context) => {
  const parsed = parseInterval(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'give a time such as 250ms or 12s, instant or manual' })
  return z.NEVER
})

const words = 'give a whole number of rao, above 2^53 as a string'

/** Rao, as a JSON number or, above 2^53, as a decimal string. */
export const rao = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^\d{1,20}$/)], words)
  .transform(BigInt)

/** Pairs of uid and weight. */
export const weights = z.array(z.tuple([uid, uid], 'give pairs of uid and weight')).max(0x1_0000)
