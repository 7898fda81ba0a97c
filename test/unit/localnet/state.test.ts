import { expect, test } from 'vitest'
import { call, event, eventsOf, type Pallet, signer } from '../../../src/localnet/pallet.ts'
import { accountId, netUid, taoBalance, zeroAccount } from '../../../src/localnet/scale/chainTypes.ts'
import { u16, vec } from '../../../src/localnet/scale/types.ts'
import { State } from '../../../src/localnet/state.ts'
import { identity, map, optionalMap, storageOf, value } from '../../../src/localnet/storage.ts'

const storage = storageOf('SubtensorModule', {
  Burn: map([identity(netUid)], taoBalance, 100_000_000n),
  Tempo: map([identity(netUid)], u16, (build) => (build === 'fast' ? 10 : 360)),
  Uids: optionalMap([identity(netUid), identity(accountId)], u16),
  TotalNetworks: value(u16, 0),
  Incentive: map([identity(netUid)], vec(u16), []),
})
const events = eventsOf('SubtensorModule', 7, { NetworkAdded: event(0, { 0: netUid, 1: u16 }) })

const calls = {
  set: call(0, { netuid: netUid, burn: taoBalance }, (context, { netuid, burn }) => {
    signer(context)
    context.state.set(storage.Burn, [netuid], burn)
    context.emit(events.NetworkAdded, { 0: netuid, 1: 1 })
  }),
}
const pallet: Pallet = { name: 'SubtensorModule', index: 7, storage, calls, events, errors: {}, constants: {} }

const empty = { get: () => undefined, keys: () => [] }

test('defaults, writes, transactions and iteration', () => {
  expect(pallet.storage.Burn?.prefix).toBe('0x658faa385070e074c85bf6b568cf055501be1755d08418802946bca51b686325')
  const state = new State(empty, 'fast')
  expect(state.get(storage.Burn, 1)).toBe(100_000_000n)
  expect(state.get(storage.Tempo, 1)).toBe(10)
  expect(state.get(storage.Uids, 1, zeroAccount)).toBeUndefined()
  state.set(storage.Uids, [1, zeroAccount], 7)
  state.set(storage.Incentive, [2], [1, 2, 3])
  state.update(storage.TotalNetworks, [], (n) => n + 1)
  expect(() =>
    state.transaction(() => {
      state.set(storage.Uids, [1, zeroAccount], 8)
      state.remove(storage.Incentive, 2)
      throw new Error('undo')
    }),
  ).toThrow('undo')
  expect(state.get(storage.Uids, 1, zeroAccount)).toBe(7)
  expect([...state.entries(storage.Uids, 1)]).toEqual([[[1, zeroAccount], 7]])
  expect(state.get(storage.Incentive, 2)).toEqual([1, 2, 3])
  expect(state.removePrefix(storage.Uids, 1)).toBe(1)
  expect([...state.entries(storage.Uids)]).toEqual([])
})
