import { verifyRound } from '../../../timelock/scheme.ts'

// Verifying takes tens of milliseconds, and a pulse is looked at by whoever brings it and again in its block.
const known = new Set<string>()
const knownLimit = 1_000

/** Whether `signature` is that of `round` under `publicKey`. */
export function isRoundSigned(publicKey: Uint8Array, round: bigint, signature: Uint8Array): boolean {
  const key = keyOf(publicKey, round, signature)
  if (known.has(key)) return true
  if (!verifyRound(publicKey, round, signature)) return false
  noteSigned(publicKey, round, signature)
  return true
}

/** Takes note of a signature that was just made with the key. */
export function noteSigned(publicKey: Uint8Array, round: bigint, signature: Uint8Array): void {
  if (known.size >= knownLimit) known.clear()
  known.add(keyOf(publicKey, round, signature))
}

function keyOf(publicKey: Uint8Array, round: bigint, signature: Uint8Array): string {
  return `${Buffer.from(publicKey).toString('base64')} ${round} ${Buffer.from(signature).toString('base64')}`
}
