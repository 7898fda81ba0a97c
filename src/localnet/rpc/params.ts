import { z } from 'zod'
import { messageOf } from '../../base/errors.ts'
import { decodeAddress } from '../../keys/ss58.ts'
import type { AccountId, Hex32 } from '../scale/chainTypes.ts'

/** Parameters that several methods share, as they come over the wire. */

export const hash = z
  .string()
  .regex(/^(0x)?[0-9a-fA-F]{64}$/, 'give a hash: 0x and 64 hex digits')
  .transform((text) => (text.startsWith('0x') ? text : `0x${text}`).toLowerCase() as Hex32)

/** A block hash; the best block where it is left out. */
export const at = hash.optional()

/** Lower-case hex of whole bytes. SDK 11 leaves the 0x out, and the real node takes that too. */
export const hex = z
  .string()
  .regex(/^(0x)?([0-9a-fA-F]{2})*$/, 'give 0x and an even number of hex digits')
  .transform((text) => (text.startsWith('0x') ? text : `0x${text}`).toLowerCase())

export const bytes = hex.transform((text): Uint8Array => Buffer.from(text.slice(2), 'hex'))

/** Name of a runtime API method. */
export const runtimeMethod = z.string()

export const keys = z.array(hex).max(10_000, 'give at most 10000 keys')

const number = z.number().int().min(0).max(0xffff_ffff)
const hexNumber = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,8}$/, 'give a block number')
  .transform((text) => Number.parseInt(text, 16))

/** A block number, as a JSON number or as hex. */
export const blockNumber = z.union([number, hexNumber])

/** SS58 of any network, or 32 bytes in hex. */
export const account = z.string().transform((text, context): AccountId => {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as AccountId
  try {
    return `0x${Buffer.from(decodeAddress(text).publicKey).toString('hex')}`
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) })
    return z.NEVER
  }
})

export const subscriptionId = z.union([z.string(), z.number().transform(String)])
