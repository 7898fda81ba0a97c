import { afterEach, expect, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { dispatchInfoOf, feeDetails } from '../../../src/localnet/fees.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { storage as aura } from '../../../src/localnet/pallets/aura.ts'
import { storage as balances, freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { storage as sudo } from '../../../src/localnet/pallets/sudo.ts'
import { nonceOf, storage as system } from '../../../src/localnet/pallets/system.ts'
import { storage as timestamp } from '../../../src/localnet/pallets/timestamp.ts'
import type { EventRecord } from '../../../src/localnet/runtime.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { digest } from '../../../src/localnet/scale/frameTypes.ts'
import { encode } from '../../../src/localnet/scale/types.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { ValidityFailure } from '../../../src/localnet/validityError.ts'
import { post } from './rpcClient.ts'
import { accountOf, alice, bob, dave, hex, signCall, transferOf } from './signedCall.ts'

let localnet: Localnet | undefined

async function start(): Promise<LocalNode> {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  return localnet.node
}

afterEach(async () => {
  await localnet?.close()
  localnet = undefined
})

async function foretold(bytes: Uint8Array): Promise<bigint> {
  const request = { jsonrpc: '2.0', id: 1, method: 'payment_queryInfo', params: [hex(bytes)] }
  const { body } = await post(localnet!.endpoint, JSON.stringify(request))
  return BigInt((body as { result: { partialFee: string } }).result.partialFee)
}

/** Events of the newest block, `Pallet.Name`, those of the inherent left out. */
function events(node: LocalNode): { name: string; fields: Readonly<Record<string, unknown>> }[] {
  const item = node.runtime.pallets.find(({ name }) => name === 'System')!.storage.Events!
  const records = node.headState.get(item) as readonly EventRecord[]
  return records
    .filter(({ phase }) => phase.type === 'ApplyExtrinsic' && phase[0] > 0)
    .map(({ event }) => ({ name: `${event.pallet}.${event.name}`, fields: event.fields }))
}

const names = (node: LocalNode): string[] => events(node).map(({ name }) => name)
const toBob = transferOf(accountOf(bob), 1_000n)
const batch = (name: string, ...calls: Call[]): Call => ({ pallet: 'Utility', name, args: { calls } })
const remark = (bytes: number): Call => ({
  pallet: 'System',
  name: 'remark',
  args: { remark: new Uint8Array(bytes) },
})
const tooMuch = transferOf(accountOf(bob), 10n ** 18n)

test.each([
  ['a transfer', toBob],
  ['a call that fails', tooMuch],
  ['a batch', batch('batch', toBob, remark(300))],
  ['a batch that fails', batch('batch_all', toBob, tooMuch)],
  ['a long remark', remark(5000)],
])('%s costs what query_info foretold, and the author gets it with the tip', async (_, call) => {
  const node = await start()
  await node.mine()
  const bytes = signCall(node, dave, call, { tip: 77n })
  const fee = await foretold(bytes)
  expect(fee).toBeGreaterThan(0n)
  node.submit(bytes)
  await node.mine()
  const [before, after] = [node.stateAt(1), node.stateAt(2)]
  const paid = freeBalance(before, accountOf(dave)) - freeBalance(after, accountOf(dave))
  const received = freeBalance(after, accountOf(bob)) - freeBalance(before, accountOf(bob))
  expect(paid).toBe(fee + 77n + received)
  const told = events(node).find(({ name }) => name === 'TransactionPayment.TransactionFeePaid')!
  expect(told.fields).toEqual({ who: accountOf(dave), actual_fee: fee + 77n, tip: 77n })
  const authors = before.get(aura.Authorities).map((key): AccountId => `0x${Buffer.from(key).toString('hex')}`)
  const gains = authors.map((author) => freeBalance(after, author) - freeBalance(before, author))
  expect(gains.filter((rao) => rao !== 0n)).toEqual([fee + 77n])
  // One block's emission goes nowhere, as no subnet was started.
  expect(after.get(balances.TotalIssuance)).toBe(before.get(balances.TotalIssuance))
})

test('the fee of a transfer, part by part', async () => {
  const node = await start()
  const info = dispatchInfoOf(node.runtime, toBob)
  expect(feeDetails(info, 144)).toEqual({
    base: 54_078n,
    length: 144n,
    weight: 112_025n,
    total: 54_078n + 144n + 112_025n,
  })
  const two = dispatchInfoOf(node.runtime, batch('batch', toBob, toBob))
  expect(two.refTime).toBeGreaterThan(2 * info.refTime)
  expect(dispatchInfoOf(node.runtime, { pallet: 'Timestamp', name: 'set', args: { now: 0n } }).class).toBe('Mandatory')
})

test('a hotkey without any money sends the calls that cost nothing, and no others', async () => {
  const node = await start()
  const hotkey = await pairFromUri('//Never funded')
  const weights: Call = {
    pallet: 'SubtensorModule',
    name: 'set_weights',
    args: { netuid: 1, dests: [0], weights: [1], version_key: 0n },
  }
  const bytes = signCall(node, hotkey, weights)
  expect(await foretold(bytes)).toBe(0n)
  expect(() => node.submit(signCall(node, hotkey, remark(1)))).toThrow(ValidityFailure)
  node.submit(bytes)
  await node.mine()
  // It fails, as the hotkey is not registered; it is in the block all the same.
  expect(names(node)).toEqual(['TransactionPayment.TransactionFeePaid', 'System.ExtrinsicFailed'])
  expect(freeBalance(node.headState, accountOf(hotkey))).toBe(0n)
  expect(nonceOf(node.headState, accountOf(hotkey))).toBe(1)
})

test('batches: up to the first failure, all or none, or all that can', async () => {
  const node = await start()
  const before = freeBalance(node.headState, accountOf(bob))
  const sent = async (call: Call): Promise<bigint> => {
    node.submit(signCall(node, dave, call))
    await node.mine()
    return freeBalance(node.headState, accountOf(bob)) - before
  }
  expect(await sent(batch('batch', toBob, tooMuch, toBob))).toBe(1_000n)
  expect(events(node).find(({ name }) => name === 'Utility.BatchInterrupted')?.fields).toMatchObject({ index: 1 })
  expect(await sent(batch('batch_all', toBob, tooMuch))).toBe(1_000n)
  expect(names(node).at(-1)).toBe('System.ExtrinsicFailed')
  expect(names(node)).not.toContain('Utility.ItemCompleted')
  expect(await sent(batch('force_batch', toBob, tooMuch, toBob))).toBe(3_000n)
  expect(names(node)).toContain('Utility.BatchCompletedWithErrors')
  expect(await sent(batch('batch', batch('batch', toBob)))).toBe(3_000n)
  const { dispatch_error: filtered } = events(node).at(-1)!.fields
  expect(filtered).toEqual({ type: 'Module', 0: { index: 0, error: Uint8Array.of(5, 0, 0, 0) } })
})

test('sudo: for its key alone, free, and what fails inside it leaves no trace', async () => {
  const node = await start()
  const asRoot = (call: Call): Call => ({ pallet: 'Sudo', name: 'sudo', args: { call } })
  const setBalance = (rao: bigint): Call => ({
    pallet: 'Balances',
    name: 'force_set_balance',
    args: { who: { type: 'Id', 0: accountOf(bob) }, new_free: rao },
  })
  expect(() => node.submit(signCall(node, bob, asRoot(setBalance(1n))))).toThrow('Invalid signing address')
  const before = freeBalance(node.headState, accountOf(alice))
  const bytes = signCall(node, alice, asRoot(setBalance(12_345n)))
  expect(await foretold(bytes)).toBe(0n)
  node.submit(bytes)
  await node.mine()
  expect(freeBalance(node.headState, accountOf(bob))).toBe(12_345n)
  expect(freeBalance(node.headState, accountOf(alice))).toBe(before)
  node.submit(signCall(node, alice, asRoot(batch('batch_all', setBalance(1_000n), asRoot(toBob)))))
  await node.mine()
  expect(freeBalance(node.headState, accountOf(bob))).toBe(12_345n)
  expect(events(node).find(({ name }) => name === 'Sudo.Sudid')?.fields).toMatchObject({ sudo_result: { type: 'Err' } })
  const key = { pallet: 'Sudo', name: 'set_key', args: { new: { type: 'Id', 0: accountOf(dave) } } }
  node.submit(signCall(node, alice, key))
  await node.mine()
  expect(node.headState.get(sudo.Key)).toBe(accountOf(dave))
})

test('the state tells of its block: number, parent, time, slot, hashes of the last 2,400 blocks', async () => {
  const node = await start()
  await node.mine(3)
  const state = node.headState
  const { header } = node.head
  expect(state.get(system.Number)).toBe(3)
  expect(state.get(system.ParentHash)).toBe(header.parent_hash)
  expect([0, 1, 2].map((number) => state.get(system.BlockHash, number))).toEqual(
    [0, 1, 2].map((number) => node.blocks.hashAt(number)),
  )
  expect(state.get(aura.CurrentSlot)).toBe(state.get(timestamp.Now) / 250n)
  const logs = header.digest.logs.filter(({ type }) => type !== 'Seal')
  expect(encode(digest, state.get(system.Digest))).toEqual(encode(digest, { logs }))
})

test('the weight of a registration stays where it was fitted: two of them cost 0.0021 TAO, give or take a tenth', async () => {
  const node = await start()
  const register: Call = {
    pallet: 'SubtensorModule',
    name: 'burned_register',
    args: { netuid: 1, hotkey: accountOf(bob) },
  }
  const bytes = signCall(node, bob, register)
  const fee = feeDetails(dispatchInfoOf(node.runtime, register), bytes.length).total
  expect(await foretold(bytes)).toBe(fee)
  expect(2n * fee).toBeGreaterThan(1_900_000n)
  expect(2n * fee).toBeLessThan(2_300_000n)
})
