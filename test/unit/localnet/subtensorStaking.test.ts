import { beforeEach, describe, expect, test } from 'vitest'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { distribute } from '../../../src/localnet/pallets/subtensor/distribute.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { spotPrice } from '../../../src/localnet/pallets/swap.ts'
import { mostBuy, mostMove, mostSell } from '../../../src/localnet/pallets/swapLimits.ts'
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

const nominator = account(0x31)
const other = account(0x32)
const [hot, cold] = [account(0x11), account(0x12)]
const place = { hotkey: ownerHotkey, netuid: 1 }

let world: World

/** Subnets 1 and 2 with 1000 TAO and price 1 each, root open, and somebody with 1000 TAO. */
beforeEach(() => {
  world = subnetWorld()
  fund(world, nominator, tao(1000))
  world.state.set(storage.SubtokenEnabled, [0], true)
  world.state.set(storage.LastRateLimitedBlock, [{ type: 'NetworkLastRegistered' }], 0n)
  world.state.set(storage.NetworkLastLockCost, [], tao(1000))
  world.run('register_network', { hotkey: account(0x03) }, signed(owner))
  world.run('start_call', { netuid: 2 }, signed(owner))
  world.state.set(storage.Owner, [hot], cold)
  world.events.length = 0
})

const stake = (who = nominator, hotkey = ownerHotkey, netuid = 1): bigint => stakeOf(world.state, hotkey, who, netuid)
const add = (amount: bigint, where = place): void => {
  world.run('add_stake', { ...where, amount_staked: amount }, signed(nominator))
}
const outcome = (name: string, args: object, who = nominator): string => {
  return world.outcome(name, args as Readonly<Record<string, unknown>>, signed(who))
}
const last = (name: string) => world.events.findLast((event) => event.name === name)?.fields

describe('add_stake', () => {
  test('a fee of 503,547 rao for 1 TAO, and the constant product for the rest', () => {
    const author = freeBalance(world.state, world.author)
    add(tao(1))
    const net = tao(1) - 503_547n
    const alpha = (tao(1000) * net) / (tao(1000) + net)
    // The pool rounds a power to 18 digits, which may give one rao more.
    expect([alpha, alpha + 1n]).toContain(stake())
    expect(last('StakeAdded')).toMatchObject({ 2: tao(1), 3: stake(), 4: 1, 5: 503_547n })
    expect(freeBalance(world.state, world.author)).toBe(author + 503_547n)
    expect(freeBalance(world.state, subnetAccount(1))).toBe(tao(1000) + net)
    expect(world.state.get(storage.SubnetTAO, 1)).toBe(tao(1000) + net)
    expect(world.state.get(storage.StakingHotkeys, nominator)).toEqual([ownerHotkey])
    expect(world.state.get(storage.LastColdkeyHotkeyStakeBlock, nominator, ownerHotkey)).toBe(10n)
  })

  test.each([
    ['InsufficientLiquidity', { netuid: 9 }],
    ['AmountTooLow', { amount_staked: 2_000_000n }],
    ['AmountTooLow', { amount_staked: 2_001_006n }],
    ['ok', { amount_staked: 2_001_007n }],
    ['NotEnoughBalanceToStake', { amount_staked: tao(1000) }],
    ['HotKeyAccountNotExists', { hotkey: account(0x77) }],
    ['InsufficientLiquidity', { amount_staked: tao(1_000_001) }],
    // What comes first in the chain's order is told.
    ['AmountTooLow', { amount_staked: 2_001_006n, hotkey: account(0x77) }],
    ['NotEnoughBalanceToStake', { amount_staked: tao(1000), hotkey: account(0x77) }],
  ])('%s for %o', (expected, change) => {
    expect(outcome('add_stake', { ...place, amount_staked: tao(1), ...change })).toBe(expected)
  })

  test('a limit stops a purchase at its price, or refuses it', () => {
    const limited = { ...place, amount_staked: tao(100), limit_price: 1_100_000_000n }
    expect(outcome('add_stake_limit', { ...limited, allow_partial: false })).toBe('SlippageTooHigh')
    expect(outcome('add_stake_limit', { ...limited, allow_partial: true, limit_price: 999_999_999n })).toBe(
      'PriceLimitExceeded',
    )
    world.run('add_stake_limit', { ...limited, allow_partial: true }, signed(nominator))
    // 1000 TAO × (√1.1 − 1), and the fee on top.
    const net = 48_808_848_170n
    expect(last('StakeAdded')?.[2]).toBe(net + (net * 33n) / 65_502n)
    const price = Number((spotPrice(world.state, 1) * 10n ** 12n) >> 64n) / 1e12
    expect(price).toBeLessThanOrEqual(1.1 + 1e-9)
    expect(price).toBeGreaterThan(1.1 - 1e-9)
  })

  test('on root the price is 1 and there is no fee', () => {
    const onRoot = { ...place, netuid: 0, amount_staked: tao(5), allow_partial: false }
    expect(outcome('add_stake_limit', { ...onRoot, limit_price: 999_999_999n })).toBe('SlippageTooHigh')
    world.run('add_stake_limit', { ...onRoot, limit_price: 1_000_000_000n }, signed(nominator))
    expect(stake(nominator, ownerHotkey, 0)).toBe(tao(5))
  })
})

describe('remove_stake', () => {
  test('not more than there is, and nothing small unless it is all', () => {
    add(tao(10))
    const alpha = stake()
    const remove = (amount: bigint) => outcome('remove_stake', { ...place, amount_unstaked: amount })
    expect(remove(0n)).toBe('AmountTooLow')
    expect(remove(1_000_000n)).toBe('AmountTooLow')
    expect(remove(alpha - 1n)).toBe('ok')
    expect(stake()).toBe(1n)
    expect(remove(1n << 60n)).toBe('ok')
    expect(stake()).toBe(0n)
  })

  test('all of it, whatever was asked for', () => {
    add(tao(10))
    const before = freeBalance(world.state, nominator)
    world.run('remove_stake', { ...place, amount_unstaked: tao(1000) }, signed(nominator))
    expect(stake()).toBe(0n)
    expect(freeBalance(world.state, nominator) - before).toBe(last('StakeRemoved')?.[2])
    // Two fees of 0.05 %, on the way in and out.
    expect(Number(tao(10) - (last('StakeRemoved')?.[2] as bigint)) / 1e10).toBeCloseTo(2 * (33 / 65_535), 4)
  })

  test('a limit on the way out', () => {
    add(tao(100))
    const limited = { ...place, amount_unstaked: stake(), limit_price: 1_100_000_000n }
    expect(outcome('remove_stake_limit', { ...limited, allow_partial: false })).toBe('SlippageTooHigh')
    expect(outcome('remove_stake_full_limit', { ...place, limit_price: 1_100_000_000n })).toBe('SlippageTooHigh')
    expect(outcome('remove_stake_limit', { ...limited, allow_partial: true, limit_price: tao(2) })).toBe(
      'PriceLimitExceeded',
    )
    world.run('remove_stake_limit', { ...limited, allow_partial: true }, signed(nominator))
    expect(Number((spotPrice(world.state, 1) * 10n ** 9n) >> 64n) / 1e9).toBeCloseTo(1.1, 7)
    expect(stake()).toBeGreaterThan(0n)
    world.run('remove_stake_full_limit', { ...place, limit_price: undefined }, signed(nominator))
    expect(stake()).toBe(0n)
  })

  test('a nomination that becomes too small is paid back; the same stake of the owner is not', () => {
    // 20,000,000 means 0.04 TAO.
    world.run('sudo_set_nominator_min_required_stake', { min_stake: 20_000_000n }, root)
    add(tao(1))
    fund(world, owner, tao(10))
    world.run('add_stake', { ...place, amount_staked: tao(1) }, signed(owner))
    for (const who of [nominator, owner]) {
      world.run('remove_stake', { ...place, amount_unstaked: stake(who) - 10_000_000n }, signed(who))
    }
    expect([stake(nominator), stake(owner)]).toEqual([0n, 10_000_000n])
  })

  test('a hotkey that falls below the threshold loses its pending children', () => {
    add(tao(10))
    world.state.set(storage.PendingChildKeys, [1, ownerHotkey], [[[1n, hot]], 99n])
    world.run('remove_stake', { ...place, amount_unstaked: tao(1) }, signed(nominator))
    expect(world.state.has(storage.PendingChildKeys, 1, ownerHotkey)).toBe(true)
    world.state.set(storage.StakeThreshold, [], tao(100))
    world.run('remove_stake', { ...place, amount_unstaked: tao(1) }, signed(nominator))
    expect(world.state.has(storage.PendingChildKeys, 1, ownerHotkey)).toBe(false)
  })
})

describe('everything at once', () => {
  beforeEach(() => {
    add(tao(10))
    add(tao(20), { ...place, netuid: 2 })
    add(tao(30), { ...place, netuid: 0 })
  })

  test('unstake_all sells what can be sold and passes over the rest', () => {
    world.state.set(storage.SubtokenEnabled, [2], false)
    world.run('unstake_all', { hotkey: ownerHotkey }, signed(nominator))
    expect([0, 1, 2].map((netuid) => stake(nominator, ownerHotkey, netuid) > 0n)).toEqual([false, false, true])
    expect(outcome('unstake_all', { hotkey: account(0x77) })).toBe('HotKeyAccountNotExists')
  })

  test('unstake_all_alpha puts the TAO on root', () => {
    const before = freeBalance(world.state, nominator)
    world.run('unstake_all_alpha', { hotkey: ownerHotkey }, signed(nominator))
    const sold = world.events.filter(({ name }) => name === 'StakeRemoved').map(({ fields }) => fields[2] as bigint)
    expect(sold).toHaveLength(2)
    expect([1, 2].map((netuid) => stake(nominator, ownerHotkey, netuid))).toEqual([0n, 0n])
    expect(stake(nominator, ownerHotkey, 0)).toBe(tao(30) + sold[0]! + sold[1]!)
    expect(freeBalance(world.state, nominator)).toBe(before)
    expect(outcome('unstake_all_alpha', { hotkey: ownerHotkey })).toBe('AmountTooLow')
  })
})

describe('moving', () => {
  const swap = { hotkey: ownerHotkey, origin_netuid: 1, destination_netuid: 2, alpha_amount: tao(1) }
  const move = { ...swap, origin_hotkey: ownerHotkey, destination_hotkey: hot }
  const transfer = { ...swap, destination_coldkey: other, destination_netuid: 1 }

  beforeEach(() => add(tao(50)))

  test('within a subnet nothing is swapped and nothing is charged', () => {
    const [alpha, pool] = [stake(), world.state.get(storage.SubnetTAO, 1)]
    world.run('move_stake', { ...move, destination_netuid: 1, alpha_amount: tao(10) }, signed(nominator))
    expect([stake(), stake(nominator, hot)]).toEqual([alpha - tao(10), tao(10)])
    expect(world.state.get(storage.SubnetTAO, 1)).toBe(pool)
    expect(last('StakeMoved')).toMatchObject({ 0: nominator, 1: ownerHotkey, 2: 1, 3: hot, 4: 1 })
    expect(last('StakeRemoved')?.[5]).toBe(0n)
  })

  test('between subnets it is sold and bought, with one fee', () => {
    world.run('swap_stake', { ...swap, alpha_amount: tao(10) }, signed(nominator))
    const [sold, bought] = [last('StakeRemoved')!, last('StakeAdded')!]
    expect(sold[5]).toBe((tao(10) * 33n) / 65_535n)
    expect(bought[5]).toBe(0n)
    expect(bought[2]).toBe(sold[2])
    expect(stake(nominator, ownerHotkey, 2)).toBe(bought[3])
    expect(last('StakeSwapped')).toEqual({ 0: nominator, 1: ownerHotkey, 2: 1, 3: 2, 4: sold[2] })
    for (const netuid of [1, 2]) {
      expect(freeBalance(world.state, subnetAccount(netuid))).toBe(world.state.get(storage.SubnetTAO, netuid))
    }
  })

  test('from root the fee is charged on the way in', () => {
    add(tao(10), { ...place, netuid: 0 })
    world.run('swap_stake', { ...swap, origin_netuid: 0, alpha_amount: tao(10) }, signed(nominator))
    expect([last('StakeRemoved')?.[5], last('StakeAdded')?.[5]]).toEqual([0n, (tao(10) * 33n) / 65_535n])
  })

  test('to another coldkey, if both subnets allow it', () => {
    world.run('transfer_stake', { ...transfer, alpha_amount: tao(10) }, signed(nominator))
    expect(stake(other)).toBe(tao(10))
    expect(world.state.get(storage.StakingHotkeys, other)).toEqual([ownerHotkey])
    expect(last('StakeTransferred')).toMatchObject({ 0: nominator, 1: other, 2: ownerHotkey, 3: 1, 4: 1 })
    world.state.set(storage.TransferToggle, [1], false)
    expect(outcome('transfer_stake', transfer)).toBe('TransferDisallowed')
    // Only transfers need it.
    expect(outcome('swap_stake', swap)).toBe('ok')
  })

  test.each([
    ['SameNetuid', 'swap_stake', { ...swap, destination_netuid: 1 }],
    ['SubnetNotExists', 'swap_stake', { ...swap, destination_netuid: 9 }],
    ['HotKeyAccountNotExists', 'move_stake', { ...move, destination_hotkey: account(0x77) }],
    ['AmountTooLow', 'swap_stake', { ...swap, alpha_amount: 1_800_000n }],
    ['AmountTooLow', 'move_stake', { ...move, destination_netuid: 1, alpha_amount: 1_800_000n }],
    ['AmountTooLow', 'transfer_stake', { ...transfer, alpha_amount: 0n }],
  ])('%s of %s', (expected, name, args) => {
    expect(outcome(name, args)).toBe(expected)
  })

  test('a limit between two pools', () => {
    const limited = { ...swap, alpha_amount: tao(40), limit_price: 1_050_000_000n }
    expect(outcome('swap_stake_limit', { ...limited, allow_partial: false })).toBe('SlippageTooHigh')
    world.run('swap_stake_limit', { ...limited, allow_partial: true }, signed(nominator))
    const sold = last('StakeRemoved')?.[3] as bigint
    expect(sold).toBeGreaterThan(tao(2))
    expect(sold).toBeLessThan(tao(40))
    // On average it got what the limit says.
    expect(Number(last('StakeAdded')?.[3]) / Number(sold)).toBeCloseTo(1.05, 2)
    expect(outcome('swap_stake_limit', { ...limited, allow_partial: true, limit_price: tao(2) })).toBe('AmountTooLow')
  })
})

test('limits where there is a price of 1, and none', () => {
  const { state } = world
  const most = (1n << 64n) - 1n
  expect([mostBuy(state, 0, tao(1)), mostBuy(state, 0, tao(1) - 1n)]).toEqual([most, 0n])
  expect([mostSell(state, 0, tao(1)), mostSell(state, 0, tao(1) + 1n)]).toEqual([most, 0n])
  expect([mostMove(state, 0, 0, tao(1)), mostMove(state, 0, 0, tao(1) + 1n)]).toEqual([most, 0n])
  expect([mostMove(state, 0, 1, 0n), mostMove(state, 1, 2, 0n)]).toEqual([most, most])
  // A limit of half an alpha for each TAO is a price of 2.
  expect(mostMove(state, 0, 1, tao(1) / 2n)).toBe(mostBuy(state, 1, tao(2)))
  expect(mostMove(state, 1, 0, tao(1) / 2n)).toBe(mostSell(state, 1, tao(1) / 2n))
})

describe('alpha for nothing', () => {
  beforeEach(() => add(tao(10)))

  test('recycled alpha was never issued, burnt alpha was', () => {
    const out = world.state.get(storage.SubnetAlphaOut, 1)
    const alpha = stake()
    world.run('burn_alpha', { ...place, amount: tao(1) }, signed(nominator))
    expect([stake(), world.state.get(storage.SubnetAlphaOut, 1)]).toEqual([alpha - tao(1), out])
    world.run('recycle_alpha', { ...place, amount: tao(1) }, signed(nominator))
    expect([stake(), world.state.get(storage.SubnetAlphaOut, 1)]).toEqual([alpha - tao(2), out - tao(1)])
    expect(last('AlphaBurned')).toEqual({ 0: nominator, 1: ownerHotkey, 2: tao(1), 3: 1 })
    expect(last('AlphaRecycled')).toEqual({ 0: nominator, 1: ownerHotkey, 2: tao(1), 3: 1 })
    expect(outcome('burn_alpha', { ...place, netuid: 0, amount: 1n })).toBe('CannotBurnOrRecycleOnRootSubnet')
    expect(outcome('recycle_alpha', { ...place, netuid: 9, amount: 1n })).toBe('SubnetNotExists')
  })

  test('add_stake_burn leaves no stake', () => {
    const before = stake()
    const price = world.state.get(storage.SubnetTAO, 1)
    world.run('add_stake_burn', { ...place, amount: tao(5), limit: undefined }, signed(nominator))
    expect(stake()).toBe(before)
    expect(world.state.get(storage.SubnetTAO, 1)).toBeGreaterThan(price)
    expect(last('AddStakeBurn')).toMatchObject({ netuid: 1, hotkey: ownerHotkey, amount: tao(5) })
    expect(outcome('add_stake_burn', { ...place, amount: tao(500), limit: tao(1) + 50_000_000n })).toBe(
      'SlippageTooHigh',
    )
  })
})

test('auto-stake sends what miners earn elsewhere', () => {
  const [miner, target] = [account(0x41), account(0x42)]
  registerNeuron(world, miner)
  registerNeuron(world, target)
  const set = { netuid: 1, hotkey: target }
  expect(outcome('set_coldkey_auto_stake_hotkey', { ...set, hotkey: hot }, miner)).toBe('HotKeyNotRegisteredInSubNet')
  expect(outcome('set_coldkey_auto_stake_hotkey', { ...set, netuid: 9 }, miner)).toBe('SubnetNotExists')
  world.run('set_coldkey_auto_stake_hotkey', { netuid: 1, hotkey: ownerHotkey }, signed(miner))
  world.run('set_coldkey_auto_stake_hotkey', set, signed(miner))
  expect(outcome('set_coldkey_auto_stake_hotkey', set, miner)).toBe('SameAutoStakeHotkeyAlreadySet')
  expect(world.state.get(storage.AutoStakeDestinationColdkeys, target, 1)).toEqual([miner])
  expect(world.state.get(storage.AutoStakeDestinationColdkeys, ownerHotkey, 1)).toEqual([])
  const drained = { server: 900n, validator: 0n, root: 0n, ownerCut: 0n }
  distribute(world, 1, [{ hotkey: miner, incentive: 900n, dividend: 0n }], drained)
  expect([stake(miner, miner), stake(miner, target)]).toEqual([0n, 900n])
  expect(last('AutoStakeAdded')).toEqual({
    netuid: 1,
    destination: target,
    hotkey: miner,
    owner: miner,
    incentive: 900n,
  })
})
