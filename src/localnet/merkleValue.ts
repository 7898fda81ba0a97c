import { blake2b256 } from './extrinsic.ts'
import { ScaleWriter } from './scale/io.ts'

// Substrate's trie of state version 1: base 16, without extension nodes; values of 33 bytes or more stand in their node
// as a hash. @see polkadot-sdk `sp_trie::LayoutV1`, `sp-trie/src/node_codec.rs`

export interface TrieEntry {
  /** The whole key as hex digits, without `0x`. */
  readonly nibbles: string
  readonly value: Uint8Array
}

/** Shortest value that stands in its node as a hash. */
const hashedValueBytes = 33

/** Longest encoded node that stands in its parent as it is. */
const inlineNodeBytes = 31

/** First bits of a node's header, and how many of the header byte's bits they take. */
const headers = {
  leaf: { prefix: 0b0100_0000, bits: 2 },
  branch: { prefix: 0b1000_0000, bits: 2 },
  branchWithValue: { prefix: 0b1100_0000, bits: 2 },
  leafWithHash: { prefix: 0b0010_0000, bits: 3 },
  branchWithHash: { prefix: 0b0001_0000, bits: 4 },
} as const

/**
 * The Merkle value of the trie node that all entries are in or below: its encoding, or the BLAKE2b-256 of that where it
 * is longer than 31 bytes.
 *
 * @param entries at least one, ascending by key
 * @param depth nibbles of the keys that lie above the node: the place after the branch that it hangs on
 */
export function merkleValue(entries: readonly TrieEntry[], depth: number): Uint8Array {
  const encoded = encodeNode(entries, depth)
  return encoded.length <= inlineNodeBytes ? encoded : blake2b256(encoded)
}

export function commonPrefix(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}

function encodeNode(entries: readonly TrieEntry[], depth: number): Uint8Array {
  const first = entries[0]!
  const end = commonPrefix(first.nibbles, entries.at(-1)!.nibbles).length
  const value = first.nibbles.length === end ? first.value : undefined
  const isHashed = value !== undefined && value.length >= hashedValueBytes
  const isLeaf = entries.length === 1
  const out = new ScaleWriter()
  writePartialKey(out, headerOf(isLeaf, value !== undefined, isHashed), first.nibbles.slice(depth, end))
  const children = isLeaf ? [] : childrenOf(value === undefined ? entries : entries.slice(1), end)
  if (!isLeaf) out.u16(children.reduce((bits, [nibble]) => bits | (1 << nibble), 0))
  if (isHashed) out.bytes(blake2b256(value))
  else if (value !== undefined) writeBytes(out, value)
  for (const [, below] of children) writeBytes(out, merkleValue(below, end + 1))
  return out.finish()
}

function headerOf(isLeaf: boolean, hasValue: boolean, isHashed: boolean): (typeof headers)[keyof typeof headers] {
  if (isLeaf) return isHashed ? headers.leafWithHash : headers.leaf
  if (!hasValue) return headers.branch
  return isHashed ? headers.branchWithHash : headers.branchWithValue
}

/** Entries by the nibble that follows the branch, ascending. */
function childrenOf(entries: readonly TrieEntry[], depth: number): [nibble: number, below: TrieEntry[]][] {
  const children: [number, TrieEntry[]][] = []
  for (const entry of entries) {
    const nibble = Number.parseInt(entry.nibbles[depth]!, 16)
    const last = children.at(-1)
    if (last?.[0] === nibble) last[1].push(entry)
    else children.push([nibble, [entry]])
  }
  return children
}

/** The header with the number of nibbles, which runs over into further bytes, then the nibbles in pairs. */
function writePartialKey(out: ScaleWriter, { prefix, bits }: { prefix: number; bits: number }, nibbles: string): void {
  const most = (1 << (8 - bits)) - 1
  out.byte(prefix | Math.min(nibbles.length, most))
  if (nibbles.length >= most) {
    let rest = nibbles.length - most
    for (; rest >= 255; rest -= 255) out.byte(255)
    out.byte(rest)
  }
  out.bytes(Buffer.from(nibbles.length % 2 === 0 ? nibbles : `0${nibbles}`, 'hex'))
}

function writeBytes(out: ScaleWriter, bytes: Uint8Array): void {
  out.compact(bytes.length)
  out.bytes(bytes)
}
