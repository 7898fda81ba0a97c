import { beforeEach, describe, expect, test } from 'vitest'
import { storage as balances, freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { addToPool, stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import {
  account,
  fund,
  owner,
  ownerHotkey,
  registerNeuron,
  signed,
  subnetWorld,
  tao,
  type World,
} from './subtensorWorld.ts'

const [cold, old, fresh] = [account(0x20), account(0x21), account(0x22)]
const [child, parent, nominator] = [account(0x23), account(0x24), account(0x25)]
const axon = { version: 1, ip: 0x0808_0808n, port: 1, ip_type: 4, protocol: 4, placeholder1: 0, placeholder2: 0 }

let world: World

/** A hotkey with all that a hotkey can have on subnet 1. */
beforeEach(() => {
  world = subnetWorld()
  world.block = 7300
  const { state } = world
  registerNeuron(world, old, cold)
  addToPool(state, old, cold, 1, tao(3))
  addToPool(state, old, nominator, 1, tao(2))
  world.run('serve_axon', { netuid: 1, ...axon }, signed(old))
  world.run('serve_prometheus', { netuid: 1, version: 1, ip: 1n << 30n, port: 1, ip_type: 4 }, signed(old))
  state.set(storage.WeightCommits, [1, old], [[account(9), 1n, 2n, 0n]])
  state.set(storage.ChildKeys, [old, 1], [[5n, child]])
  state.set(storage.ParentKeys, [child, 1], [[5n, old]])
  state.set(storage.ParentKeys, [old, 1], [[6n, parent]])
  state.set(storage.ChildKeys, [parent, 1], [[6n, old]])
  state.set(storage.PendingChildKeys, [1, parent], [[[6n, old]], 99n])
  state.set(storage.PendingChildKeys, [1, old], [[[7n, child]], 98n])
  state.set(storage.AlphaDividendsPerSubnet, [1, old], 4n)
  world.run('set_coldkey_auto_stake_hotkey', { netuid: 1, hotkey: old }, signed(nominator))
  state.set(storage.Delegates, [old], 77)
  world.state.set(storage.TotalIssuance, [], world.state.get(balances.TotalIssuance))
  world.events.length = 0
})

const swap = (change: object = {}, who = cold): string =>
  world.outcome(
    'swap_hotkey_v2',
    { hotkey: old, new_hotkey: fresh, netuid: 1, keep_stake: false, ...change },
    signed(who),
  )

test('the uid and everything that hangs on it', () => {
  const { state } = world
  const uid = state.get(storage.Uids, 1, old)!
  const issued = [state.get(balances.TotalIssuance), state.get(storage.TotalIssuance)]
  const before = freeBalance(state, cold)
  expect(swap()).toBe('ok')
  expect([state.get(storage.Keys, 1, uid), state.get(storage.Uids, 1, fresh)]).toEqual([fresh, uid])
  expect([state.has(storage.Uids, 1, old), state.get(storage.IsNetworkMember, fresh, 1)]).toEqual([false, true])
  expect(state.has(storage.IsNetworkMember, old, 1)).toBe(false)
  for (const item of [storage.Axons, storage.Prometheus]) {
    expect([state.has(item, 1, old), state.has(item, 1, fresh)]).toEqual([false, true])
  }
  expect([state.has(storage.WeightCommits, 1, old), state.has(storage.WeightCommits, 1, fresh)]).toEqual([false, true])
  expect(state.get(storage.ChildKeys, fresh, 1)).toEqual([[5n, child]])
  expect(state.get(storage.ParentKeys, child, 1)).toEqual([[5n, fresh]])
  expect(state.get(storage.ParentKeys, fresh, 1)).toEqual([[6n, parent]])
  expect(state.get(storage.ChildKeys, parent, 1)).toEqual([[6n, fresh]])
  expect(state.get(storage.PendingChildKeys, 1, parent)).toEqual([[[6n, fresh]], 99n])
  expect(state.get(storage.PendingChildKeys, 1, fresh)).toEqual([[[7n, child]], 98n])
  for (const item of [storage.ChildKeys, storage.ParentKeys]) expect(state.has(item, old, 1)).toBe(false)
  expect(state.get(storage.AutoStakeDestination, nominator, 1)).toBe(fresh)
  expect(state.get(storage.AutoStakeDestinationColdkeys, fresh, 1)).toEqual([nominator])
  expect(state.get(storage.AlphaDividendsPerSubnet, 1, fresh)).toBe(4n)
  expect([cold, nominator].map((who) => stakeOf(state, fresh, who, 1))).toEqual([tao(3), tao(2)])
  expect(state.get(storage.TotalHotkeyAlpha, old, 1)).toBe(0n)
  expect(state.get(storage.StakingHotkeys, nominator)).toEqual([fresh])
  // On one subnet only: both hotkeys stay the coldkey's.
  expect(state.get(storage.OwnedHotkeys, cold)).toEqual([old, fresh])
  expect(before - freeBalance(state, cold)).toBe(1_000_000n)
  expect([state.get(balances.TotalIssuance), state.get(storage.TotalIssuance)]).toEqual(
    issued.map((rao) => rao - 1_000_000n),
  )
  expect(world.events.at(-1)).toEqual({
    name: 'HotkeySwappedOnSubnet',
    fields: { coldkey: cold, old_hotkey: old, new_hotkey: fresh, netuid: 1 },
  })
})

test('on all subnets the old hotkey is nobody any more', () => {
  const { state } = world
  const before = freeBalance(state, cold)
  expect(world.outcome('swap_hotkey', { hotkey: old, new_hotkey: fresh, netuid: undefined }, signed(cold))).toBe('ok')
  expect(state.has(storage.Owner, old)).toBe(false)
  expect(state.get(storage.OwnedHotkeys, cold)).toEqual([fresh])
  expect([state.has(storage.Delegates, old), state.get(storage.Delegates, fresh)]).toEqual([false, 77])
  expect(before - freeBalance(state, cold)).toBe(100_000_000n)
  expect(world.events.at(-1)?.name).toBe('HotkeySwapped')
})

test('the stake may stay', () => {
  expect(swap({ keep_stake: true })).toBe('ok')
  expect(stakeOf(world.state, old, cold, 1)).toBe(tao(3))
  expect(stakeOf(world.state, fresh, cold, 1)).toBe(0n)
  expect(world.state.has(storage.Uids, 1, fresh)).toBe(true)
  expect(world.state.get(storage.Owner, old)).toBe(cold)
})

test('the owner hotkey stays the owner hotkey', () => {
  expect(swap({ hotkey: ownerHotkey }, owner)).toBe('ok')
  expect(world.state.get(storage.SubnetOwnerHotkey, 1)).toBe(fresh)
})

test('root dividends move with the root stake, and only to a hotkey that has none', () => {
  const { state } = world
  addToPool(state, old, nominator, 0, tao(1))
  state.set(storage.RootClaimable, [old], [[1, 7n << 32n]])
  state.set(storage.RootClaimed, [1, old, nominator], 3n)
  state.set(storage.RootClaimable, [child], [[1, 7n << 32n]])
  state.set(storage.Owner, [child], cold)
  expect(swap({ new_hotkey: child, netuid: undefined })).toBe('NewHotKeyNotCleanForRootSwap')
  expect(swap({ netuid: undefined })).toBe('ok')
  expect([state.has(storage.RootClaimable, old), state.get(storage.RootClaimable, fresh)]).toEqual([
    false,
    [[1, 7n << 32n]],
  ])
  expect(state.get(storage.RootClaimed, 1, fresh, nominator)).toBe(3n)
})

describe('what is refused', () => {
  test('in the order of the checks', () => {
    const other = account(0x66)
    registerNeuron(world, other)
    expect(swap({}, nominator)).toBe('NonAssociatedColdKey')
    expect(swap({ new_hotkey: old })).toBe('NewHotKeyIsSameWithOld')
    expect(swap({ new_hotkey: other })).toBe('HotKeyAlreadyRegisteredInSubNet')
    expect(swap({ new_hotkey: subnetAccount(4) })).toBe('CannotUseSystemAccount')
    world.run('swap_hotkey', { hotkey: old, new_hotkey: fresh, netuid: 1 }, signed(cold))
    expect(swap({ hotkey: fresh, new_hotkey: old })).toBe('HotKeySetTxRateLimitExceeded')
    world.block += 1001
    expect(swap({ hotkey: fresh, new_hotkey: old })).toBe('ok')
  })

  test('too soon on the same subnet, and too poor', () => {
    world.state.set(storage.TxRateLimit, [], 0n)
    world.state.set(storage.LastHotkeySwapOnNetuid, [1, cold], 7299n)
    expect(swap()).toBe('HotKeySwapOnSubnetIntervalNotPassed')
    world.block += 1
    fund(world, account(0x51), 1_000_499n)
    world.state.set(storage.Owner, [old], account(0x51))
    expect(swap({}, account(0x51))).toBe('NotEnoughBalanceToPaySwapHotKey')
    expect(swap({ netuid: undefined }, account(0x51))).toBe('NotEnoughBalanceToPaySwapHotKey')
  })
})
