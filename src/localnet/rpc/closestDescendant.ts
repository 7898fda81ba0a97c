import type { ReadableState } from '../history.ts'
import { commonPrefix, merkleValue, type TrieEntry } from '../merkleValue.ts'
import { RpcError } from './rpcError.ts'

/** Keys that one Merkle value may be computed from. */
const keyLimit = 50_000

/**
 * The Merkle value of the trie node at `key`, or of the one closest below it. The chain's state is kept without a trie
 * (its root is another digest), so the node is made up from the keys below and from those beside them.
 *
 * @param key `0x…`, a whole key or the beginning of keys
 * @returns undefined where no key begins with `key`
 * @throws RpcError where there are too many such keys
 */
export function closestDescendant(state: ReadableState, key: string): Uint8Array | undefined {
  const below: TrieEntry[] = []
  for (const found of state.keys(key)) {
    if (below.length === keyLimit) {
      throw new RpcError('pageTooLong', `closestDescendantMerkleValue: more than ${keyLimit} keys begin with ${key}`)
    }
    below.push({ nibbles: found.slice(2), value: state.get(found)! })
  }
  if (below.length === 0) return undefined
  const path = commonPrefix(below[0]!.nibbles, below.at(-1)!.nibbles)
  return merkleValue(below, depthBelowParent(state, key, path))
}

/** How many nibbles of the node's path its ancestors take: up to where the last key that is no descendant branches off. */
function depthBelowParent(state: ReadableState, key: string, path: string): number {
  for (let depth = key.length - 3; depth >= 0; depth--) {
    const prefix = `0x${path.slice(0, depth)}`
    const [first] = state.keys(prefix)
    if (!first!.startsWith(key)) return depth + 1
    // `g` comes after every hex digit, so this is the first key behind all descendants.
    const [behind] = state.keys(prefix, `${key}g`)
    if (behind !== undefined) return depth + 1
  }
  return 0
}
