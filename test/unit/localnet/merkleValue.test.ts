import { expect, test } from 'vitest'
import { blake2b256 } from '../../../src/localnet/extrinsic.ts'
import { History } from '../../../src/localnet/history.ts'
import { merkleValue } from '../../../src/localnet/merkleValue.ts'
import { closestDescendant } from '../../../src/localnet/rpc/closestDescendant.ts'
import { startLocalnet } from '../../../src/localnet/startLocalnet.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
const hex = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString('hex')

/** A state with these keys and values, all in hex without `0x`. */
function stateOf(entries: Readonly<Record<string, string>>): History {
  const changes = new Map(Object.entries(entries).map(([key, value]) => [`0x${key}`, bytes(value)] as const))
  return new History(changes, { keepBlocks: 1 })
}

test('nodes are encoded as polkadot-sdk encodes them (sp-trie, trie tests)', () => {
  expect(hex(merkleValue([{ nibbles: 'aa', value: bytes('bb') }], 0))).toBe('42aa04bb')
  const disjoint = [
    { nibbles: '1314', value: bytes('ff') },
    { nibbles: '4819', value: bytes('fe') },
  ]
  expect(hex(merkleValue(disjoint, 0))).toBe(
    // A branch without value, slots 1 and 4, then two leaves of three nibbles.
    ['80', '1200', '14', '43', '0314', '04ff', '14', '43', '0819', '04fe'].join(''),
  )
})

test('long values stand in their nodes as hashes, long nodes in theirs', async () => {
  await startLocalnet({ port: 0, interval: 'manual' }).then((localnet) => localnet.close())
  const value = new Uint8Array(33).fill(7)
  const node = Buffer.concat([Uint8Array.of(0b0010_0010, 0xaa), blake2b256(value)])
  expect(hex(merkleValue([{ nibbles: 'aa', value }], 0))).toBe(hex(blake2b256(node)))
  // 32 bytes are not hashed, but the node is longer than 31.
  const plain = new Uint8Array(32).fill(7)
  const leaf = Buffer.concat([Uint8Array.of(0b0100_0010, 0xaa, 32 << 2), plain])
  expect(hex(merkleValue([{ nibbles: 'aa', value: plain }], 0))).toBe(hex(blake2b256(leaf)))
})

test('the closest descendant is the very node that stands below its parent in the whole', () => {
  const state = stateOf({ '1314': 'ff', '4819': 'fe' })
  // The branch at the root; then each leaf as the branch holds it, whatever part of its path is asked for.
  expect(hex(closestDescendant(state, '0x'))).toBe('8012001443031404ff1443081904fe')
  for (const key of ['0x13', '0x1', '0x1314']) expect(hex(closestDescendant(state, key))).toBe('43031404ff')
  expect(hex(closestDescendant(state, '0x48'))).toBe('43081904fe')
  expect(closestDescendant(state, '0x14')).toBeUndefined()
  expect(closestDescendant(state, '0x131400')).toBeUndefined()
})

test('a value inside a branch, neighbours on either side and a lone key', () => {
  const state = stateOf({ aa: '01', aabb: '02', aabc: '03', ab: '04' })
  // aabb and aabc part after three nibbles; their branch hangs on the one that holds the value of aa.
  const branch = '8000180c4004020c400403'
  expect(hex(closestDescendant(state, '0xaab'))).toBe(branch)
  // Asked for aa: value and branch together, below the branch at nibble 1, where ab goes another way.
  expect(hex(closestDescendant(state, '0xaa'))).toBe(`c0000804012c${branch}`)
  const lone = stateOf({ '0102': '05' })
  expect(hex(closestDescendant(lone, '0x01'))).toBe('4401020405')
})
