import { expect, test } from 'vitest'
import type { ForkCache } from '../../../src/localnet/fork/forkCache.ts'
import { remoteState } from '../../../src/localnet/fork/remoteState.ts'
import type { SyncRpc } from '../../../src/localnet/fork/syncRpc.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'

const prefix = `0x${'ab'.repeat(32)}`
const keyOf = (i: number): string => prefix + i.toString(16).padStart(8, '0')

function emptyCache(): ForkCache {
  const known = new Map<string, Uint8Array | null>()
  const prefixes = new Set<string>()
  return {
    prefixes,
    get: (key) => known.get(key),
    keys: (of) => [...known.keys()].filter((key) => key.startsWith(of)).sort(),
    put: (entries, whole) => {
      for (const [key, value] of entries) known.set(key, value)
      if (whole !== undefined) prefixes.add(whole)
    },
    note: () => undefined,
    setNote: () => undefined,
    close: () => undefined,
  }
}

/** A node with 2,500 keys. @param heedsStart whether it goes on where the last page ended */
function source(heedsStart: boolean): SyncRpc {
  let calls = 0
  return {
    endpoint: 'ws://source',
    call: (method, params) => {
      if (++calls > 20) throw new Error('asked without end')
      if (method === 'state_queryStorageAt') {
        return [{ changes: (params[0] as string[]).map((key) => [key, '0x01']) }]
      }
      const after = heedsStart ? (params[2] as string | null) : null
      const all = Array.from({ length: 2_500 }, (_, i) => keyOf(i))
      return all.filter((key) => after === null || key > after).slice(0, params[1] as number)
    },
    close: () => undefined,
  }
}

const stateOf = (rpc: SyncRpc) => remoteState(rpc, emptyCache(), localnetRuntime('fast'), `0x${'00'.repeat(32)}`)

test('keys come a page at a time', () => {
  expect([...stateOf(source(true)).keys(prefix)].length).toBe(2_500)
})

test('a source that gives the first page for ever is refused', () => {
  expect(() => stateOf(source(false)).keys(prefix)).toThrow('gives the same keys page after page')
})
