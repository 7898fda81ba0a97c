import { expect, test } from 'vitest'
import { chainFaults, chainPatienceMs } from '../../../src/base/chainFaults.ts'

test('a neuron is at fault without its place, and without a chain for too long', () => {
  expect(chainFaults({ isRegistered: true, silentMs: chainPatienceMs })).toEqual([])
  expect(chainFaults({ isRegistered: false, silentMs: 0 })).toEqual([expect.stringContaining('not registered')])
  expect(chainFaults({ isRegistered: true, silentMs: 2_500, patienceMs: 2_000 })).toEqual([
    'the chain has not answered for 3 s',
  ])
})
