import { createHash } from 'node:crypto'
import { openTimelock } from '../../../timelock/timelock.ts'
import { TimelockError } from '../../../timelock/timelockError.ts'
import type { Pulse } from './types.ts'

// Opening takes some 15 ms, and a block is executed more than once where somebody asks for a dry run.
const opened = new Map<string, Uint8Array | undefined>()
const openedLimit = 1_000

/** The message of a timelocked ciphertext; `undefined` where this pulse does not open it or it is none. */
export function openWithPulse(ciphertext: Uint8Array, { signature }: Pulse): Uint8Array | undefined {
  const key = createHash('sha256').update(signature).update(ciphertext).digest('base64')
  if (!opened.has(key)) {
    if (opened.size >= openedLimit) opened.clear()
    opened.set(key, attempt(ciphertext, signature))
  }
  return opened.get(key)
}

function attempt(ciphertext: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  try {
    return openTimelock(ciphertext, signature)
  } catch (error) {
    if (error instanceof TimelockError) return undefined
    throw error
  }
}
