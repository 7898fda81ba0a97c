import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'

/**
 * Goes back to a snapshot, in constant time. It stays; later ones are gone, and the pool is emptied.
 *
 * @throws InputError for a snapshot that there is not
 */
export function revert(node: LocalNode, snapshot: number): void {
  if (node.revert(snapshot)) return
  const known = node.snapshots
  throw new InputError('snapshot', snapshot, known.length === 0 ? 'take one first' : `there are ${known.join(', ')}`)
}
