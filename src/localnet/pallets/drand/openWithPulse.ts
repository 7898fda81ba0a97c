import { openTimelock } from '../../../timelock/timelock.ts'
import { TimelockError } from '../../../timelock/timelockError.ts'
import type { Pulse } from './types.ts'

/** The message of a timelocked ciphertext; `undefined` where this pulse does not open it or it is none. */
export function openWithPulse(ciphertext: Uint8Array, { signature }: Pulse): Uint8Array | undefined {
  try {
    return openTimelock(ciphertext, signature)
  } catch (error) {
    if (error instanceof TimelockError) return undefined
    throw error
  }
}
