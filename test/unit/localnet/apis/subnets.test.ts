import { describe, expect, test } from 'vitest'
import { storage } from '../../../../src/localnet/pallets/subtensor/storage.ts'
import { storage as system } from '../../../../src/localnet/pallets/system.ts'
import { apiWorld, ask, nominator, owner, tao, validator } from './apiWorld.ts'
import type { Plain } from './realLayout.ts'

/** Expected values are the chain's rules applied by hand to what `apiWorld` sets. */
const world = apiWorld()
const { state } = world
type Row = Record<string, Plain>
const subnets = (method: string, ...args: unknown[]) => ask(state, `SubnetInfoRuntimeApi_get_${method}`, ...args)

const hex = (text: string): string => `0x${Buffer.from(text).toString('hex')}`
const codes = (text: string): bigint[] => [...Buffer.from(text)].map(BigInt)

describe('subnets', () => {
  test('are listed in order, with their identity in the second form', () => {
    const list = subnets('subnets_info_v2') as Row[]
    expect(list.map(({ netuid }) => netuid)).toEqual([0n, 1n, 2n])
    expect(list[1]).toMatchObject({ owner, scaling_law_power: 50n, subnetwork_n: 3n, max_allowed_uids: 256n })
    expect(list.map(({ identity }) => identity !== null)).toEqual([false, true, false])
    const { identity: _identity, emission_value, ...rest } = list[1]!
    expect(subnets('subnet_info', 1)).toEqual({ ...rest, emission_values: emission_value })
  })

  test('have their pool terms apart too', () => {
    const graph = subnets('metagraph', 1) as Row
    expect(subnets('dynamic_info', 1)).toMatchObject({
      subnet_name: codes('law Ω'),
      subnet_identity: graph.identity,
      tao_in: graph.tao_in,
      moving_price: graph.moving_price,
      subnet_volume: state.get(storage.SubnetVolume, 1),
    })
    expect((subnets('all_dynamic_info') as Row[]).map(({ netuid }) => netuid)).toEqual([0n, 1n, 2n])
  })

  test('have a state with one history of emission per subnet', () => {
    const graph = subnets('metagraph', 1) as Row
    const shown = subnets('subnet_state', 1) as Row
    for (const column of ['hotkeys', 'coldkeys', 'emission', 'dividends', 'incentives', 'alpha_stake', 'total_stake']) {
      expect([column, shown[column]]).toEqual([column, graph[column]])
    }
    expect(shown.emission_history).toEqual([1, 2, 3].map(() => [0n, 0n, 0n]))
  })

  test('say when their next epoch comes and where their TAO is', () => {
    const next = (netuid: number) => subnets('next_epoch_start_block', netuid)
    expect(next(1)).toBe(state.get(storage.LastEpochBlock, 1) + 10n)
    // Triggered earlier by its owner.
    expect(next(2)).toBe(13n)
    const other = apiWorld()
    other.state.set(storage.Tempo, [1], 0)
    expect(ask(other.state, 'SubnetInfoRuntimeApi_get_next_epoch_start_block', 1)).toBeNull()
    expect(subnets('subnet_account_id', 1)).toBe(`${hex('modlsubtensr')}0100${'00'.repeat(18)}`)
    expect(subnets('coldkey_auto_stake_hotkey', nominator, 1)).toBe(validator)
    expect(subnets('coldkey_auto_stake_hotkey', nominator, 2)).toBeNull()
  })

  test('give way by moving price once their immunity is over, the older one first', () => {
    expect(subnets('subnet_to_prune')).toBeNull()
    const other = apiWorld()
    const prune = () => ask(other.state, 'SubnetInfoRuntimeApi_get_subnet_to_prune')
    other.state.set(system.Number, [], 1_296_010)
    expect(prune()).toBe(2n)
    other.state.set(storage.SubnetMovingPrice, [2], 3n << 31n)
    other.state.set(storage.NetworkRegisteredAt, [2], 9n)
    expect(prune()).toBe(2n)
    other.state.set(storage.NetworkRegisteredAt, [2], 11n)
    expect(prune()).toBe(1n)
  })
})

describe('hyperparameters', () => {
  test('come with flags and the steepness in the second form', () => {
    const second = subnets('subnet_hyperparams_v2', 1) as Row
    expect(second).toMatchObject({
      alpha_sigmoid_steepness: { bits: 1000n << 32n },
      yuma_version: 3n,
      subnet_is_active: true,
      user_liquidity_enabled: false,
      activity_cutoff: 138n,
    })
    expect(second).toMatchObject(subnets('subnet_hyperparams', 1) as Row)
  })

  test('come by name in the third, with what the fixed forms lack', () => {
    const other = apiWorld()
    other.state.set(storage.MinChildkeyTake, [], 3)
    other.state.set(storage.MinChildkeyTakePerSubnet, [1], 2)
    const list = ask(other.state, 'SubnetInfoRuntimeApi_get_subnet_hyperparams_v3', 1) as unknown as {
      name: string
      value: Plain
    }[]
    const names = list.map(({ name }) => Buffer.from(name.slice(2), 'hex').toString())
    expect(names).toHaveLength(33)
    expect([names[0], names.at(-1)]).toEqual(['kappa', 'min_childkey_take'])
    const value = (name: string) => list[names.indexOf(name)]!.value
    expect(value('activity_cutoff_factor')).toEqual({ U32: 13_889n })
    expect(value('burn_increase_mult')).toEqual({ U64F64: { bits: state.get(storage.BurnIncreaseMult, 1) } })
    expect(value('max_burn')).toEqual({ TaoBalance: 100_000_000_000n })
    expect(value('alpha_sigmoid_steepness')).toEqual({ I32F32: { bits: 1000n << 32n } })
    expect(value('min_childkey_take')).toEqual({ U16: 3n })
  })
})

test('registering a subnet costs twice the last price', () => {
  const cost = ask(state, 'SubnetRegistrationRuntimeApi_get_network_registration_cost')
  expect(cost).toBe(2n * state.get(storage.NetworkLastLockCost))
  expect(cost).toBeGreaterThan(tao(1000))
})
