import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'

/**
 * Sets the chain's clock; it goes on from there at the pace of the wall clock.
 *
 * @param ms since 1970
 * @throws InputError for a time that is not after the newest block's: blocks only go forward
 */
export function setTime(node: LocalNode, ms: number): void {
  const headMs = node.timestampMs
  if (!Number.isSafeInteger(ms) || ms <= headMs) {
    throw new InputError('time', ms, `give a time after the newest block's, ${headMs} ms since 1970`)
  }
  node.jumpTime(ms - node.nowMs())
}
