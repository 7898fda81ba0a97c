import { beforeEach, expect, test } from 'vitest'
import { blockStep } from '../../../src/localnet/pallets/subtensor/blockStep.ts'
import { distribute } from '../../../src/localnet/pallets/subtensor/distribute.ts'
import { addToPool } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { stakeWeightOf } from '../../../src/localnet/pallets/subtensor/stakeWeight.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import {
  account,
  fund,
  owner,
  ownerHotkey,
  registerNeuron,
  root,
  signed,
  subnetWorld,
  tao,
  type World,
} from './subtensorWorld.ts'

const [cold, parent] = [account(0x20), account(0x21)]
const [child, second] = [account(0x22), account(0x23)]
const whole = (1n << 64n) - 1n
const half = whole / 2n

let world: World

/** Subnet 1 with a parent that has 1000 alpha, and two more neurons with coldkeys of their own. */
beforeEach(() => {
  world = subnetWorld()
  registerNeuron(world, parent, cold)
  for (const hotkey of [child, second]) registerNeuron(world, hotkey)
  addToPool(world.state, parent, cold, 1, tao(1000))
  world.events.length = 0
})

const set = (children: [bigint, `0x${string}`][], change: object = {}, who = cold): string =>
  world.outcome('set_children', { hotkey: parent, netuid: 1, children, ...change }, signed(who))
const childrenOf = (hotkey: `0x${string}`) => world.state.get(storage.ChildKeys, hotkey, 1)
const parentsOf = (hotkey: `0x${string}`) => world.state.get(storage.ParentKeys, hotkey, 1)

test('set_children fails in the order of its checks', () => {
  const six = Array.from({ length: 6 }, (_, i): [bigint, `0x${string}`] => [1n, account(0x60 + i)])
  expect(set([], { netuid: 0 })).toBe('RegistrationNotPermittedOnRootSubnet')
  expect(set([], { netuid: 9 })).toBe('SubnetNotExists')
  expect(set([], {}, child)).toBe('NonAssociatedColdKey')
  expect(
    set([
      [1n, parent],
      [1n, parent],
    ]),
  ).toBe('DuplicateChild')
  expect(set([...six, [whole, parent]])).toBe('InvalidChild')
  expect(set([[whole, child], ...six])).toBe('TooManyChildren')
  expect(
    set([
      [whole, child],
      [1n, second],
    ]),
  ).toBe('ProportionOverflow')
  world.state.set(storage.ParentKeys, [parent, 1], [[1n, child]])
  world.state.set(storage.StakeThreshold, [], tao(1_000_000))
  expect(set([[1n, child]])).toBe('ChildParentInconsistency')
  expect(set([[1n, second]])).toBe('NotEnoughStakeToSetChildkeys')
  expect(set([])).toBe('ok')
  expect(set([])).toBe('TxRateLimitExceeded')
  world.block += 150
  expect(set([])).toBe('ok')
})

test('the owner hotkey needs no stake to have children', () => {
  world.state.set(storage.StakeThreshold, [], tao(1_000_000))
  expect(set([[1n, child]], { hotkey: ownerHotkey }, owner)).toBe('ok')
})

test('children wait for the first epoch after their cooldown, and both sides learn of them', () => {
  world.state.set(storage.Tempo, [1], 4)
  world.state.set(storage.LastEpochBlock, [1], 10n)
  expect(set([[half, child]])).toBe('ok')
  const cooldown = world.state.get(storage.PendingChildKeys, 1, parent)[1]
  expect(world.events.at(-1)).toEqual({
    name: 'SetChildrenScheduled',
    fields: { 0: parent, 1: 1, 2: cooldown, 3: [[half, child]] },
  })
  // 15 blocks from block 10 on the fast build; epochs run in blocks 14, 18, 22 and 26.
  expect(cooldown).toBe(25n)
  const applied: number[] = []
  for (world.block = 11; world.block <= 26; world.block++) {
    blockStep({ ...world, block: world.block })
    if (childrenOf(parent).length > 0) applied.push(world.block)
  }
  expect(applied).toEqual([26])
  expect(parentsOf(child)).toEqual([[half, parent]])
  expect(world.state.has(storage.PendingChildKeys, 1, parent)).toBe(false)
  expect(world.events.filter(({ name }) => name === 'SetChildren')).toHaveLength(1)
})

test('before the subnet has started they take effect at once; new ones replace the old', () => {
  world.state.set(storage.SubtokenEnabled, [1], false)
  expect(
    set([
      [half, second],
      [1n, child],
    ]),
  ).toBe('ok')
  // Sorted by account.
  expect(childrenOf(parent)).toEqual([
    [1n, child],
    [half, second],
  ])
  world.block += 150
  expect(set([[7n, child]])).toBe('ok')
  expect([parentsOf(child), parentsOf(second)]).toEqual([[[7n, parent]], []])
  expect(world.state.has(storage.ParentKeys, second, 1)).toBe(false)
})

test('a child weighs as much more as its parent weighs less, and shares its dividends', () => {
  world.state.set(storage.SubtokenEnabled, [1], false)
  set([[half, child]])
  // Half of 2^64 − 1 is a little less than 0.5 with 32 bits of fraction.
  expect(stakeWeightOf(world.state, parent, 1)).toBe(500_000_000_232n)
  expect(stakeWeightOf(world.state, child, 1)).toBe(499_999_999_767n)
  world.run('set_childkey_take', { hotkey: child, netuid: 1, take: 6554 }, signed(child))
  world.state.set(storage.Delegates, [parent], 0)
  world.state.set(storage.Delegates, [child], 0)
  const drained = { server: 0n, validator: tao(100), root: 0n, ownerCut: 0n }
  distribute(world, 1, [{ hotkey: child, incentive: 0n, dividend: tao(100) }], drained)
  const pool = (hotkey: `0x${string}`) => Number(world.state.get(storage.TotalHotkeyAlpha, hotkey, 1)) / 1e9
  // The stake was all the parent's; the child keeps its take of 10 %.
  expect(pool(parent)).toBeCloseTo(1090, 2)
  expect(pool(child)).toBeCloseTo(10, 2)
})

test('childkey take: bounds of the chain and of the subnet, and a limit only upwards', () => {
  const take = (value: number, who = child): string =>
    world.outcome('set_childkey_take', { hotkey: child, netuid: 1, take: value }, signed(who))
  expect(take(1, cold)).toBe('NonAssociatedColdKey')
  expect(take(11_797)).toBe('InvalidChildkeyTake')
  expect(take(5000)).toBe('ok')
  expect(take(5001)).toBe('TxChildkeyTakeRateLimitExceeded')
  expect(take(4000)).toBe('ok')
  world.block += 5
  expect(take(5001)).toBe('ok')
  expect(world.events.at(-1)).toEqual({ name: 'ChildKeyTakeSet', fields: { 0: child, 1: 5001 } })
  world.run('sudo_set_min_childkey_take_per_subnet', { netuid: 1, take: 3000 }, signed(owner))
  expect(take(2999)).toBe('InvalidChildkeyTake')
  world.run('sudo_set_max_childkey_take', { take: 4000 }, root)
  expect(take(4500)).toBe('InvalidChildkeyTake')
  expect(take(4000)).toBe('ok')
  expect(world.outcome('sudo_set_min_childkey_take', { take: 1 }, signed(owner))).toBe('BadOrigin')
  expect(world.outcome('set_pending_childkey_cooldown', { cooldown: 1n }, signed(owner))).toBe('BadOrigin')
})

test('root validators lend their stake to the owner of a new subnet, unless they do not want to', () => {
  world.state.set(storage.MaxRegistrationsPerBlock, [0], 9)
  for (const hotkey of [child, second]) world.run('root_register', { hotkey }, signed(hotkey))
  world.run('set_auto_parent_delegation_enabled', { hotkey: second, enabled: false }, signed(second))
  expect(world.outcome('set_auto_parent_delegation_enabled', { hotkey: second, enabled: true }, signed(child))).toBe(
    'NonAssociatedColdKey',
  )
  fund(world, owner, tao(10_000))
  const fresh = account(0x2f)
  world.run('register_network', { hotkey: fresh }, signed(owner))
  expect(world.state.get(storage.ParentKeys, fresh, 2)).toEqual([[whole, child]])
  expect(world.state.get(storage.ChildKeys, child, 2)).toEqual([[whole, fresh]])
})
