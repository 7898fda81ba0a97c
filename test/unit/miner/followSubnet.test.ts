import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { followSubnet } from '../../../src/miner/followSubnet.ts'
import { keptLog, until } from './memoryChain.ts'

const empty = { block: 0, neurons: [] }

/** All that a signal remembers of others: listeners, and what Node keeps in sets of its own. */
function held(signal: AbortSignal): number {
  const own = Object.getOwnPropertySymbols(signal).map(
    (symbol) => (signal as unknown as Record<symbol, unknown>)[symbol],
  )
  // Node's are no instances of Set.
  const inSets = own.map((value) => Number((value as { size?: number } | undefined)?.size ?? 0))
  return getEventListeners(signal, 'abort').length + inSets.reduce((sum, size) => sum + size, 0)
}

test('a miner that looks at its subnet for months remembers nothing of past looks, and stops at once', async () => {
  const ending = new AbortController()
  let looks = 0
  const { done, lookSoon } = followSubnet({
    chain: { read: async () => empty },
    first: empty,
    everyMs: 1,
    log: keptLog().log,
    onView: () => {
      looks++
      if (looks % 2 === 0) lookSoon()
    },
    signal: ending.signal,
  })
  await until(() => looks > 100, '100 looks')
  expect(held(ending.signal)).toBeLessThan(5)
  ending.abort()
  await done
})

test('a miner that is stopped between two looks does not wait for the next', async () => {
  const ending = new AbortController()
  const options = { chain: { read: async () => empty }, first: empty, everyMs: 3_600_000, log: keptLog().log }
  const { done } = followSubnet({ ...options, onView: () => undefined, signal: ending.signal })
  setTimeout(() => ending.abort(), 1_100)
  await done
  await followSubnet({ ...options, onView: () => undefined, signal: AbortSignal.abort() }).done
})
