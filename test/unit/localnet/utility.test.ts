import { createKeyDerived, createKeyMulti } from '@polkadot/util-crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { derivativeAccount, multisigAccount } from '../../../src/localnet/pallets/derivedAccounts.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { batch, callOf, id, outcomes, remark, sent } from './carriedCalls.ts'
import { accountOf, alice, bob, dave, transferOf } from './signedCall.ts'

/** Batches are in fees.test.ts. */

let localnet: Localnet
let node: LocalNode

beforeEach(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  node = localnet.node
})
afterEach(async () => await localnet.close())

const [A, B] = [alice, bob].map(accountOf) as [AccountId, AccountId]
const tooMuch = transferOf(B, 10n ** 18n)
const free = (who: AccountId): bigint => freeBalance(node.headState, who)
const asRoot = (call: Call): Call => callOf('Sudo', 'sudo', { call })

async function did(pair: KeyPair, call: Call): Promise<[string, string][]> {
  return outcomes(node, await sent(node, pair, call))
}

const sudid = (events: readonly { name: string; fields: Readonly<Record<string, unknown>> }[]) =>
  events.find(({ name }) => name === 'Sudo.Sudid')!.fields.sudo_result

test('each account has further accounts', async () => {
  const derived = derivativeAccount(A, 258)
  expect(new Set([0, 1, 258].map((index) => derivativeAccount(A, index))).size).toBe(3)
  await sent(node, alice, transferOf(derived, 10_000n))
  const before = free(B)
  const pay = (rao: bigint) => callOf('Utility', 'as_derivative', { index: 258, call: transferOf(B, rao) })
  expect(await did(alice, pay(4_000n))).toEqual([])
  expect([free(derived), free(B) - before]).toEqual([6_000n, 4_000n])
  expect(await did(alice, pay(5_501n))).toEqual([['System.ExtrinsicFailed', 'Token.NotExpendable']])
  expect(await did(dave, pay(1n))).toEqual([['System.ExtrinsicFailed', 'Token.FundsUnavailable']])
})

test('the accounts of an account and of a group are those that other libraries compute', () => {
  const bytes = (who: AccountId): Uint8Array => Uint8Array.from(Buffer.from(who.slice(2), 'hex'))
  for (const index of [0, 1, 258, 65_535]) {
    expect(bytes(derivativeAccount(B, index))).toEqual(createKeyDerived(bytes(B), index))
  }
  const members = [A, B].sort()
  expect(bytes(multisigAccount(members, 2))).toEqual(createKeyMulti(members.map(bytes), 2))
})

test('the second call where the first fails', async () => {
  const either = (main: Call, fallback: Call) => callOf('Utility', 'if_else', { main, fallback })
  const before = free(B)
  const names = async (call: Call) => (await sent(node, dave, call)).map(({ name }) => name)
  expect(await names(either(transferOf(B, 1n), transferOf(B, 10n)))).toContain('Utility.IfElseMainSuccess')
  expect(free(B) - before).toBe(1n)
  expect(await did(dave, either(batch(tooMuch), remark))).toEqual([
    ['Utility.BatchInterrupted', 'Token.FundsUnavailable'],
  ])
  expect(await did(dave, either(tooMuch, transferOf(B, 10n)))).toEqual([
    ['Utility.IfElseFallbackCalled', 'Token.FundsUnavailable'],
  ])
  expect(free(B) - before).toBe(11n)
  const start = callOf('SubtensorModule', 'start_call', { netuid: 9 })
  expect(await did(dave, either(tooMuch, start))).toEqual([
    ['System.ExtrinsicFailed', 'SubtensorModule.SubnetNotExists'],
  ])
})

test('root acts as anybody; nobody else does', async () => {
  const as = (origin: unknown, call: Call, name = 'dispatch_as') =>
    callOf('Utility', name, { as_origin: { type: 'system', 0: origin }, call })
  const signedBy = (who: AccountId) => ({ type: 'Signed', 0: who })
  expect(await did(bob, as(signedBy(A), remark))).toEqual([['System.ExtrinsicFailed', 'BadOrigin']])
  const [before, its] = [free(A), free(B)]
  expect(await did(alice, asRoot(as(signedBy(B), transferOf(A, 5_000n))))).toEqual([['Utility.DispatchedAs', 'ok']])
  expect([free(A) - before, its - free(B)]).toEqual([5_000n, 5_000n])
  expect(await did(alice, asRoot(as(signedBy(B), tooMuch)))).toEqual([
    ['Utility.DispatchedAs', 'Token.FundsUnavailable'],
  ])
  const setBalance = callOf('Balances', 'force_set_balance', { who: id(B), new_free: 777_777n })
  expect(await did(alice, asRoot(as(signedBy(A), setBalance)))).toEqual([['Utility.DispatchedAs', 'BadOrigin']])
  expect(await did(alice, asRoot(as({ type: 'None' }, batch(remark))))).toEqual([['Utility.DispatchedAs', 'BadOrigin']])
  expect(await did(alice, asRoot(as({ type: 'Root' }, setBalance)))).toEqual([['Utility.DispatchedAs', 'ok']])
  expect(free(B)).toBe(777_777n)
  const ethereum = { type: 'Ethereum', 0: { type: 'EthereumTransaction', 0: new Uint8Array(20) } }
  const byEthereum = callOf('Utility', 'dispatch_as', { as_origin: ethereum, call: remark })
  expect(await did(alice, asRoot(byEthereum))).toEqual([['Utility.DispatchedAs', 'BadOrigin']])
  const fallible = await sent(node, alice, asRoot(as(signedBy(B), tooMuch, 'dispatch_as_fallible')))
  expect(fallible.map(({ name }) => name)).not.toContain('Utility.DispatchedAs')
  expect(sudid(fallible)).toEqual({ type: 'Err', 0: { type: 'Token', 0: { type: 'FundsUnavailable' } } })
  expect(await did(alice, asRoot(as(signedBy(B), remark, 'dispatch_as_fallible')))).toEqual([
    ['Utility.DispatchedAs', 'ok'],
  ])
})

test('a weight that root gives is for root only', async () => {
  const weight = { ref_time: 1n, proof_size: 0n }
  const weighed = (call: Call) => callOf('Utility', 'with_weight', { call, weight })
  const setBalance = callOf('Balances', 'force_set_balance', { who: id(B), new_free: 555_555n })
  expect(await did(bob, weighed(remark))).toEqual([['System.ExtrinsicFailed', 'BadOrigin']])
  await sent(node, alice, asRoot(weighed(setBalance)))
  expect(free(B)).toBe(555_555n)
  expect(sudid(await sent(node, alice, asRoot(weighed(tooMuch))))).toEqual({ type: 'Err', 0: { type: 'BadOrigin' } })
})
