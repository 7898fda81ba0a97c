import type { Call } from '../pallet.ts'
import type { Era } from '../scale/era.ts'
import { invalid, invalidCustom } from '../validityError.ts'
import { parseShielded } from './shieldedExtrinsic.ts'

/** Most blocks for which a shielded extrinsic may be valid. */
const longestEra = 8
const parseFailure = 23

/** The ciphertext of a call that carries one. */
export function ciphertextOf({ pallet, name, args }: Call): Uint8Array | undefined {
  return pallet === 'MevShield' && name === 'submit_encrypted' ? (args.ciphertext as Uint8Array) : undefined
}

/**
 * What the pool asks of a shielded extrinsic, as nobody can yet look inside.
 *
 * @throws ValidityFailure Stale for one that would be valid for more than 8 blocks; custom code 23 for bytes that are no
 *   shielded extrinsic
 * @see facts: subtensor-chain.md, (a) signed extensions
 */
export function checkShielded(call: Call, era: Era): void {
  const ciphertext = ciphertextOf(call)
  if (ciphertext === undefined) return
  if (era.type === 'Immortal' || era.period > longestEra) throw invalid('Stale')
  if (parseShielded(ciphertext) === undefined) throw invalidCustom(parseFailure)
}
