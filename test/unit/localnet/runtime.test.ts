import { expect, test } from 'vitest'
import { face430 } from '../../../src/localnet/face.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import { makeRuntime } from '../../../src/localnet/makeRuntime.ts'
import { type Call, call, type Pallet } from '../../../src/localnet/pallet.ts'
import { errorIndices, errors } from '../../../src/localnet/pallets/subtensor/errors.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import type { EventRecord } from '../../../src/localnet/runtime.ts'
import { ScaleError } from '../../../src/localnet/scale/io.ts'
import { decode, encode, u8 } from '../../../src/localnet/scale/types.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { account } from './subtensorWorld.ts'

const runtime = localnetRuntime('fast')
const remark: Call = { pallet: 'System', name: 'remark', args: { remark: Uint8Array.of(1, 2, 3) } }
const batchOf = (calls: readonly Call[]): Call => ({ pallet: 'Utility', name: 'batch', args: { calls } })

function nested(depth: number): Call {
  return depth === 0 ? remark : batchOf([nested(depth - 1)])
}

function encodeBatches(depth: number): Uint8Array {
  // batch = 0 of pallet 11, then one call.
  const head = Array.from({ length: depth }, () => [11, 0, 4]).flat()
  return Uint8Array.of(...head, ...encode(runtime.callType, remark))
}

test('calls are two index bytes and their arguments, and come back as they were', () => {
  expect(encode(runtime.callType, remark)).toEqual(Uint8Array.of(0, 0, 12, 1, 2, 3))
  const inside = batchOf([remark, { pallet: 'Sudo', name: 'sudo', args: { call: remark } }])
  expect(decode(runtime.callType, encode(runtime.callType, inside))).toEqual(inside)
  expect(() => encode(runtime.callType, { ...remark, name: 'no_such_call' })).toThrow('no call System.no_such_call')
  expect(() => decode(runtime.callType, Uint8Array.of(200, 0))).toThrow(ScaleError)
})

test('calls nested too deep do not decode, and leave the decoder as it was', () => {
  expect(decode(runtime.callType, encodeBatches(7))).toEqual(nested(7))
  expect(() => decode(runtime.callType, encodeBatches(8))).toThrow(/nested deeper/)
  expect(() => decode(runtime.callType, encodeBatches(2_000))).toThrow(/nested deeper/)
  expect(decode(runtime.callType, encodeBatches(7))).toEqual(nested(7))
})

test('events are stored with their phase and no topics', () => {
  const records: EventRecord[] = [
    {
      phase: { type: 'ApplyExtrinsic', 0: 1 },
      event: { pallet: 'SubtensorModule', name: 'WeightsSet', fields: { 0: 2, 1: 3 } },
    },
    { phase: { type: 'Finalization' }, event: { pallet: 'Utility', name: 'BatchCompleted', fields: {} } },
  ]
  const bytes = encode(runtime.eventsType, records)
  expect(bytes).toEqual(Uint8Array.of(8, 0, 1, 0, 0, 0, 7, 5, 2, 0, 3, 0, 0, 1, 11, 1, 0))
  expect(decode(runtime.eventsType, bytes)).toEqual(records)
})

test('errors, calls and storage items are found by what stands on chain', () => {
  expect(runtime.errorName(7, errorIndices.SubnetNotExists)).toBe('SubtensorModule.SubnetNotExists')
  expect(errors.SubnetNotExists().message).toBe('SubtensorModule.SubnetNotExists')
  expect(runtime.errorName(7, 255)).toBeUndefined()
  expect(runtime.errorName(99, 0)).toBeUndefined()
  expect(runtime.findCall({ pallet: 'SubtensorModule', name: 'add_stake' }).definition.index).toBe(2)
  expect(() => runtime.findCall({ pallet: 'SubtensorModule', name: 'mint_for_me' })).toThrow(
    'SubtensorModule.mint_for_me',
  )
  expect(runtime.itemByKey(storageKey(storage.Uids, [1, account(5)]))).toBe(storage.Uids)
  expect(runtime.itemByKey(storage.Uids.prefix)).toBe(storage.Uids)
  expect(runtime.itemByKey('0x1234')).toBeUndefined()
})

test('pallets stand in the order of their index, each name and index once', () => {
  const indices = runtime.pallets.map(({ index }) => index)
  expect(indices).toEqual(indices.toSorted((a, b) => a - b))
  expect(new Set(indices).size).toBe(indices.length)
  expect(new Set(runtime.pallets.map(({ name }) => name)).size).toBe(indices.length)
})

test('a pallet with two calls of one index is refused', () => {
  const clashing: Pallet = {
    name: 'Clashing',
    index: 1,
    storage: {},
    calls: { first: call(3, { n: u8 }, () => undefined), second: call(3, {}, () => undefined) },
    events: {},
    errors: {},
    constants: {},
  }
  const plan = { build: 'fast', face: face430, pallets: [clashing], apis: [] } as const
  expect(() => makeRuntime(plan)).toThrow('Clashing: call second has the index 3 of first')
})
