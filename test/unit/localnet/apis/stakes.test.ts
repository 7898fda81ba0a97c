import { describe, expect, test } from 'vitest'
import { freeBalance } from '../../../../src/localnet/pallets/balances.ts'
import { stakeOf } from '../../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../../src/localnet/pallets/subtensor/storage.ts'
import { signed } from '../subtensorWorld.ts'
import { account, apiWorld, ask, miner, nominator, owner, stranger, tao, validator } from './apiWorld.ts'
import type { Plain } from './realLayout.ts'

const world = apiWorld()
const { state } = world
type Row = Record<string, Plain>
const secondOwner = account(0x05)

const staked = (hotkey: `0x${string}`, coldkey: `0x${string}`, netuid: number): bigint =>
  stakeOf(state, hotkey, coldkey, netuid)

describe('stakes', () => {
  const position = (hotkey: string, netuid: bigint, stake: bigint, emission = 0n): Row => ({
    hotkey,
    coldkey: nominator,
    netuid,
    stake,
    locked: 0n,
    emission,
    tao_emission: 0n,
    drain: 0n,
    is_registered: true,
  })
  const all = [
    position(validator, 0n, tao(25)),
    position(validator, 1n, staked(validator, nominator, 1), 77n),
    position(secondOwner, 2n, staked(secondOwner, nominator, 2)),
  ]

  test('of a coldkey are those that are not zero, subnet by subnet', () => {
    expect(ask(state, 'StakeInfoRuntimeApi_get_stake_info_for_coldkey', nominator)).toEqual(all)
    expect(ask(state, 'StakeInfoRuntimeApi_get_stake_info_for_coldkey', stranger)).toEqual([])
    const many = ask(state, 'StakeInfoRuntimeApi_get_stake_info_for_coldkeys', [stranger, nominator])
    expect(many).toEqual([
      [stranger, []],
      [nominator, all],
    ])
    expect(ask(state, 'StakeInfoRuntimeApi_get_stake_info_for_coldkeys', [])).toEqual([])
  })

  test('of one position are there with zero too, even where nothing is', () => {
    const one = (...args: unknown[]) =>
      ask(state, 'StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid', ...args)
    expect(one(validator, nominator, 1)).toEqual(all[1])
    expect(one(stranger, nominator, 4242)).toEqual({ ...position(stranger, 4242n, 0n), is_registered: false })
  })

  test('are all available, each coldkey and subnet once and in order', () => {
    const available = (coldkeys: unknown[], netuids: unknown) =>
      ask(state, 'StakeInfoRuntimeApi_get_stake_availability_for_coldkeys', coldkeys, netuids)
    const free = (total: bigint): Row => ({ total, locked: 0n, available: total })
    const [onRoot, first, second] = all.map(({ stake }) => free(stake as bigint))
    expect(available([stranger, nominator, stranger], null)).toEqual([
      [
        nominator,
        [
          [0n, onRoot],
          [1n, first],
          [2n, second],
        ],
      ],
      [stranger, []],
    ])
    expect(available([nominator], [2, 1, 2])).toEqual([
      [
        nominator,
        [
          [1n, first],
          [2n, second],
        ],
      ],
    ])
    // No netuid, a netuid that nobody has, and more netuids than there are subnets.
    for (const netuids of [[], [77], [0, 1, 2, 3]]) expect(available([nominator], netuids)).toEqual([[nominator, []]])
  })

  test('cost the fee of where they go, none within one subnet or on root', () => {
    const fee = (origin: unknown, destination: unknown) =>
      ask(state, 'StakeInfoRuntimeApi_get_stake_fee', origin, owner, destination, owner, 1_000_000_000n)
    const oneTao = 503_547n
    expect(fee(null, [validator, 1])).toBe(oneTao)
    expect(fee([validator, 1], null)).toBe(oneTao)
    expect(fee([validator, 1], [validator, 2])).toBe(oneTao)
    expect(fee([validator, 1], [validator, 1])).toBe(0n)
    expect(fee([validator, 1], [validator, 0])).toBe(0n)
    expect(fee(null, null)).toBe(0n)
  })
})

describe('delegates', () => {
  const delegate = ask(state, 'DelegateInfoRuntimeApi_get_delegate', validator) as Row

  test('are the hotkeys that have a take', () => {
    expect(ask(state, 'DelegateInfoRuntimeApi_get_delegates')).toEqual([delegate])
    expect(ask(state, 'DelegateInfoRuntimeApi_get_delegate', miner)).toBeNull()
  })

  test('list who stakes what on them, and where they are registered and permitted', () => {
    expect(delegate).toMatchObject({
      delegate_ss58: validator,
      take: 11_796n,
      owner_ss58: validator,
      registrations: [0n, 1n],
      validator_permits: [1n],
    })
    expect(delegate.nominators).toEqual([
      [validator, [[1n, staked(validator, validator, 1)]]],
      [
        nominator,
        [
          [0n, tao(25)],
          [1n, staked(validator, nominator, 1)],
        ],
      ],
    ])
  })

  test('return what 7200 blocks of epochs like the last one bring', () => {
    // 3 alpha an epoch of 10 blocks, 720 epochs a day; on root the epoch brings nothing.
    expect(delegate.total_daily_return).toBe(3_000_000_000n * 720n)
    // Less 18 % take, for 25 TAO on root: 40 times that for 1000, less a part lost to rounding.
    const exact = (3_000_000_000 * 720 * (1 - 11_796 / 65_535) * 1000) / 25
    expect(Number(delegate.return_per_1000)).toBeCloseTo(exact, -1)
  })

  test('are shown to those who stake on them, one entry a subnet, without the others who do', () => {
    const shown = { ...delegate, nominators: [] }
    expect(ask(state, 'DelegateInfoRuntimeApi_get_delegated', nominator)).toEqual([
      [shown, [0n, tao(25)]],
      [shown, [1n, staked(validator, nominator, 1)]],
    ])
    expect(ask(state, 'DelegateInfoRuntimeApi_get_delegated', stranger)).toEqual([])
  })
})

describe('swaps', () => {
  const simulate = (direction: string, netuid: number, amount: bigint) =>
    ask(state, `SwapRuntimeApi_sim_swap_${direction}`, netuid, amount) as Record<string, bigint>
  const nothing = { tao_amount: 0n, alpha_amount: 0n, tao_fee: 0n, alpha_fee: 0n, tao_slippage: 0n, alpha_slippage: 0n }

  test('have a price per subnet, one on root and where nobody is', () => {
    const price = ask(state, 'SwapRuntimeApi_current_alpha_price', 1) as bigint
    const pool = Number(state.get(storage.SubnetTAO, 1)) / Number(state.get(storage.SubnetAlphaIn, 1))
    expect(Number(price)).toBeCloseTo(pool * 1e9, -1)
    expect(ask(state, 'SwapRuntimeApi_current_alpha_price', 4242)).toBe(1_000_000_000n)
    const prices = ask(state, 'SwapRuntimeApi_current_alpha_price_all') as Row[]
    expect(prices.map(({ netuid }) => netuid)).toEqual([0n, 1n, 2n])
    expect(prices.slice(0, 2).map((row) => row.price)).toEqual([1_000_000_000n, price])
  })

  test('quote what a purchase then gives, and how much less than at the spot price', () => {
    const trial = apiWorld()
    const quote = simulate('tao_for_alpha', 1, tao(30))
    expect(quote).toMatchObject({ tao_amount: tao(30), alpha_fee: 0n, tao_slippage: 0n })
    // 33 of 65535.
    expect(quote.tao_fee).toBe((tao(30) * 33n) / 65_535n)
    const before = stakeOf(trial.state, miner, nominator, 1)
    const args = { hotkey: miner, netuid: 1, amount_staked: tao(30) }
    trial.run('add_stake', args, signed(nominator))
    expect(stakeOf(trial.state, miner, nominator, 1) - before).toBe(quote.alpha_amount)
    const price = Number(ask(state, 'SwapRuntimeApi_current_alpha_price', 1)) / 1e9
    expect(Number(quote.alpha_slippage)).toBeCloseTo(Number(tao(30)) / price - Number(quote.alpha_amount), -2)
  })

  test('quote what a sale then gives', () => {
    const trial = apiWorld()
    const quote = simulate('alpha_for_tao', 1, tao(20))
    expect(quote).toMatchObject({ alpha_amount: tao(20), tao_fee: 0n, alpha_slippage: 0n })
    expect(quote.alpha_fee).toBe((tao(20) * 33n) / 65_535n)
    const before = freeBalance(trial.state, nominator)
    trial.run('remove_stake', { hotkey: validator, netuid: 1, amount_unstaked: tao(20) }, signed(nominator))
    expect(freeBalance(trial.state, nominator) - before).toBe(quote.tao_amount)
    expect(quote.tao_slippage).toBeGreaterThan(quote.alpha_fee!)
  })

  test('are one to one on root, and nothing where the pool refuses', () => {
    expect(simulate('tao_for_alpha', 0, 5n)).toEqual({ ...nothing, tao_amount: 5n, alpha_amount: 5n })
    expect(simulate('alpha_for_tao', 0, 5n)).toEqual({ ...nothing, tao_amount: 5n, alpha_amount: 5n })
    const most = (1n << 64n) - 1n
    expect(simulate('tao_for_alpha', 1, most)).toEqual(nothing)
    expect(simulate('alpha_for_tao', 1, most)).toEqual(nothing)
  })
})
