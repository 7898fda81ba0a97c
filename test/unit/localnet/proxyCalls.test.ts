import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { hashHex } from '../../../src/localnet/extrinsic.ts'
import { dispatchInfoOf, feeOf } from '../../../src/localnet/fees.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { freeBalance, reservedBalance } from '../../../src/localnet/pallets/balances.ts'
import { pureAccount } from '../../../src/localnet/pallets/proxy/pureAccounts.ts'
import { storage } from '../../../src/localnet/pallets/proxy/storage.ts'
import type { ProxyTypeName } from '../../../src/localnet/pallets/proxy/types.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { encode } from '../../../src/localnet/scale/types.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { batch, callOf, id, outcomes, remark, sent } from './carriedCalls.ts'
import { accountOf, alice, bob, dave, signCall, transferOf } from './signedCall.ts'
import { account } from './subtensorWorld.ts'

/** What delegates do for others on a chain, and at whose cost. */

let localnet: Localnet
let node: LocalNode

beforeEach(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  node = localnet.node
})
afterEach(async () => await localnet.close())

const add = (delegate: KeyPair, type: ProxyTypeName, delay = 0): Call =>
  callOf('Proxy', 'add_proxy', { delegate: id(accountOf(delegate)), proxy_type: { type }, delay })
const as = (real: AccountId, call: Call, type?: ProxyTypeName): Call =>
  callOf('Proxy', 'proxy', { real: id(real), force_proxy_type: type === undefined ? undefined : { type }, call })
const pays = (delegate: AccountId): Call =>
  callOf('Proxy', 'set_real_pays_fee', { delegate: id(delegate), pays_fee: true })
const [A, B, D] = [alice, bob, dave].map(accountOf) as [AccountId, AccountId, AccountId]
const free = (who: AccountId): bigint => freeBalance(node.headState, who)

async function did(pair: KeyPair, call: Call): Promise<[string, string][]> {
  return outcomes(node, await sent(node, pair, call))
}

test('a delegate carries nothing past its limits, not even in a batch in a batch for another', async () => {
  await sent(node, alice, add(bob, 'NonTransfer'))
  await sent(node, alice, add(bob, 'SmallTransfer'))
  const before = free(A)
  const pay = transferOf(D, 1_000n)
  expect(await did(bob, as(A, pay))).toEqual([['Proxy.ProxyExecuted', 'System.CallFiltered']])
  expect(await did(bob, as(A, batch(remark, pay)))).toEqual([
    ['Utility.BatchInterrupted', 'System.CallFiltered'],
    ['Proxy.ProxyExecuted', 'ok'],
  ])
  const derived = callOf('Utility', 'as_derivative', { index: 0, call: pay })
  expect(await did(bob, as(A, derived))).toEqual([['Proxy.ProxyExecuted', 'System.CallFiltered']])
  expect(free(A)).toBe(before)
  expect(await did(bob, as(A, pay, 'SmallTransfer'))).toEqual([['Proxy.ProxyExecuted', 'ok']])
  expect(free(A)).toBe(before - 1_000n)
  expect(await did(bob, as(A, transferOf(D, 500_000_000n), 'SmallTransfer'))).toEqual([
    ['Proxy.ProxyExecuted', 'System.CallFiltered'],
  ])
  expect(await did(bob, as(A, pay, 'Any'))).toEqual([['System.ExtrinsicFailed', 'Proxy.NotProxy']])
  expect(node.headState.get(storage.LastCallResult, A)).toMatchObject({ type: 'Err' })
})

const tooMuch = transferOf(D, 10n ** 18n)
/** Ways to carry a call inside another one. */
const wrappings: readonly ((call: Call) => Call)[] = [
  (call) => callOf('Utility', 'batch', { calls: [call] }),
  (call) => callOf('Utility', 'batch_all', { calls: [remark, call] }),
  (call) => callOf('Utility', 'force_batch', { calls: [tooMuch, call] }),
  (call) => callOf('Utility', 'if_else', { main: call, fallback: remark }),
  (call) => callOf('Utility', 'if_else', { main: tooMuch, fallback: call }),
  (call) => callOf('Utility', 'as_derivative', { index: 1, call }),
  (call) => callOf('Multisig', 'as_multi_threshold_1', { other_signatories: [account(0xfe)], call }),
  (call) => as(A, call),
]
const forbidden = fc.constantFrom(
  transferOf(D, 1_000n),
  callOf('Balances', 'burn', { value: 1_000n, keep_alive: true }),
  callOf('SubtensorModule', 'transfer_stake', {
    destination_coldkey: D,
    hotkey: A,
    origin_netuid: 1,
    destination_netuid: 1,
    alpha_amount: 1n,
  }),
  add(dave, 'Any'),
  add(dave, 'Transfer'),
  callOf('Proxy', 'remove_proxies', {}),
)

test('however a call is wrapped, a delegate that may not make it has not made it', async () => {
  await sent(node, alice, add(bob, 'NonTransfer'))
  const known = (call: Call): boolean =>
    node.runtime.pallets.some(({ name, calls }) => name === call.pallet && call.name in calls)
  const run = fc.asyncProperty(
    forbidden,
    fc.array(fc.constantFrom(...wrappings), { maxLength: 4 }),
    async (call, by) => {
      fc.pre(known(call))
      const before = [free(A), node.headState.get(storage.Proxies, A)]
      await sent(
        node,
        bob,
        as(
          A,
          by.reduce((inner, wrap) => wrap(inner), call),
        ),
      )
      expect([free(A), node.headState.get(storage.Proxies, A)]).toEqual(before)
    },
  )
  await fc.assert(run, { numRuns: 100 })
})

test('a delegate adds no delegate with more powers, and what it does add works', async () => {
  await sent(node, alice, add(bob, 'NonTransfer'))
  expect(await did(bob, as(A, add(dave, 'Any')))).toEqual([['Proxy.ProxyExecuted', 'System.CallFiltered']])
  expect(await did(bob, as(A, add(dave, 'Transfer')))).toEqual([['Proxy.ProxyExecuted', 'System.CallFiltered']])
  expect(await did(bob, as(A, add(dave, 'NonCritical')))).toEqual([['Proxy.ProxyExecuted', 'ok']])
  expect(await did(bob, as(A, callOf('Proxy', 'remove_proxies', {})))).toEqual([
    ['Proxy.ProxyExecuted', 'System.CallFiltered'],
  ])
  expect(await did(dave, as(A, transferOf(D, 9n)))).toEqual([['Proxy.ProxyExecuted', 'ok']])
})

test('announced calls: not at once, not another, not after an objection', async () => {
  await sent(node, alice, add(bob, 'Any', 3))
  const pay = transferOf(D, 1_000n)
  const hash = hashHex(encode(node.runtime.callType, pay))
  const announce = callOf('Proxy', 'announce', { real: id(A), call_hash: hash })
  const go = (call: Call): Call =>
    callOf('Proxy', 'proxy_announced', { delegate: id(B), real: id(A), force_proxy_type: undefined, call })
  expect(await did(bob, as(A, pay))).toEqual([['System.ExtrinsicFailed', 'Proxy.Unannounced']])
  expect(await did(dave, announce)).toEqual([['System.ExtrinsicFailed', 'Proxy.NotProxy']])
  await sent(node, bob, announce)
  await node.mine(1)
  expect(await did(bob, go(pay))).toEqual([['System.ExtrinsicFailed', 'Proxy.Unannounced']])
  expect(await did(bob, go(transferOf(D, 1_001n)))).toEqual([['System.ExtrinsicFailed', 'Proxy.Unannounced']])
  // Anybody may then send it.
  expect(await did(dave, go(pay))).toEqual([['Proxy.ProxyExecuted', 'ok']])
  expect(reservedBalance(node.headState, B)).toBe(0n)
  expect(await did(dave, go(pay))).toEqual([['System.ExtrinsicFailed', 'Proxy.Unannounced']])
  await sent(node, bob, announce)
  await node.mine(3)
  await sent(node, alice, callOf('Proxy', 'reject_announcement', { delegate: id(B), call_hash: hash }))
  expect(await did(bob, go(pay))).toEqual([['System.ExtrinsicFailed', 'Proxy.Unannounced']])
})

test('pure accounts hang on where they were made, and die by their own hand only', async () => {
  const make = (index: number): Call => callOf('Proxy', 'create_pure', { proxy_type: { type: 'Any' }, delay: 0, index })
  const events = await sent(node, alice, batch(make(0), make(1), make(0)))
  const made = events.filter(({ name }) => name === 'Proxy.PureCreated').map(({ fields }) => fields.pure)
  const at = { spawner: A, height: 1, extrinsicIndex: 1, proxyType: { type: 'Any' as const } }
  const [first, second] = [pureAccount({ ...at, index: 0 }), pureAccount({ ...at, index: 1 })]
  expect(made).toEqual([first, second])
  expect(outcomes(node, events)).toEqual([['Utility.BatchInterrupted', 'Proxy.Duplicate']])
  expect(reservedBalance(node.headState, A)).toBe(2n * 93_000_000n)
  const kill = (index: number): Call =>
    callOf('Proxy', 'kill_pure', { spawner: id(A), proxy_type: { type: 'Any' }, index, height: 1, ext_index: 1 })
  expect(await did(alice, kill(0))).toEqual([['System.ExtrinsicFailed', 'Proxy.NoPermission']])
  expect(await did(alice, as(first, kill(1)))).toEqual([['Proxy.ProxyExecuted', 'Proxy.NoPermission']])
  expect(await did(alice, as(first, kill(0)))).toEqual([['Proxy.ProxyExecuted', 'ok']])
  expect(reservedBalance(node.headState, A)).toBe(93_000_000n)
  expect(await did(alice, as(first, remark))).toEqual([['System.ExtrinsicFailed', 'Proxy.NotProxy']])
})

/** What a call cost each of the three, its transfers left out. */
async function costs(pair: KeyPair, call: Call): Promise<[fee: bigint, ...costs: bigint[]]> {
  const before = [A, B, D].map(free)
  const bytes = signCall(node, pair, call)
  const fee = feeOf(dispatchInfoOf(node.runtime, call), bytes.length)
  node.submit(bytes)
  await node.mine()
  return [fee, ...[A, B, D].map(free).map((now, i) => before[i]! - now)]
}

test('the fee is the delegate’s, unless the account took it on: one level, two, or a whole batch', async () => {
  // Dave acts for Bob, and Bob for Alice.
  await sent(node, alice, add(bob, 'Any'))
  await sent(node, bob, add(dave, 'Any'))
  const nested = as(B, as(A, remark))
  let [fee, ...paid] = await costs(dave, nested)
  expect(paid).toEqual([0n, 0n, fee])
  await sent(node, bob, pays(D))
  ;[fee, ...paid] = await costs(dave, nested)
  expect(paid).toEqual([0n, fee, 0n])
  await sent(node, alice, pays(B))
  ;[fee, ...paid] = await costs(dave, nested)
  expect(paid).toEqual([fee, 0n, 0n])
  const together = as(B, batch(as(A, remark), as(A, remark)))
  ;[fee, ...paid] = await costs(dave, together)
  expect(paid).toEqual([fee, 0n, 0n])
  // Not all of these are for Alice.
  ;[fee, ...paid] = await costs(dave, as(B, batch(as(A, remark), remark)))
  expect(paid).toEqual([0n, fee, 0n])
  ;[fee, ...paid] = await costs(dave, as(B, batch()))
  expect(paid).toEqual([0n, fee, 0n])
  await sent(node, bob, callOf('Proxy', 'remove_proxies', {}))
  ;[fee, ...paid] = await costs(dave, nested)
  expect(paid).toEqual([0n, 0n, fee])
})

test('an account that pays for its delegate but cannot keeps the call out of the pool', async () => {
  const poor = await pairFromUri('//Poor')
  const it = accountOf(poor)
  await sent(node, alice, transferOf(it, 100_000_000n))
  await sent(node, poor, add(bob, 'Any'))
  await sent(node, poor, pays(B))
  await sent(node, poor, transferOf(A, free(it) - 250_000n))
  expect(free(it)).toBeLessThan(250_000n)
  expect(() => node.submit(signCall(node, bob, as(it, remark)))).toThrow('Inability to pay some fees')
})
