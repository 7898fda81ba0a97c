import { describe, expect, test } from 'vitest'
import { storage } from '../../../../src/localnet/pallets/subtensor/storage.ts'
import { apiWorld, ask, fillSubnet, miner, nominator, readBoth, runtime, stranger, validator } from './apiWorld.ts'
import { type Plain, realMethods } from './realLayout.ts'

const world = apiWorld()
const full = apiWorld()
fillSubnet(full)

const allFields = Array.from({ length: 80 }, (_, index) => index)

/** Arguments for subnet 1 of every method of the six APIs. */
const calls: Readonly<Record<string, readonly unknown[]>> = {
  DelegateInfoRuntimeApi_get_delegates: [],
  DelegateInfoRuntimeApi_get_delegate: [validator],
  DelegateInfoRuntimeApi_get_delegated: [nominator],
  NeuronInfoRuntimeApi_get_neurons: [1],
  NeuronInfoRuntimeApi_get_neuron: [1, 2],
  NeuronInfoRuntimeApi_get_neurons_lite: [1],
  NeuronInfoRuntimeApi_get_neuron_lite: [1, 2],
  SubnetInfoRuntimeApi_get_subnet_info: [1],
  SubnetInfoRuntimeApi_get_subnets_info: [],
  SubnetInfoRuntimeApi_get_subnet_info_v2: [1],
  SubnetInfoRuntimeApi_get_subnets_info_v2: [],
  SubnetInfoRuntimeApi_get_subnet_hyperparams: [1],
  SubnetInfoRuntimeApi_get_subnet_hyperparams_v2: [1],
  SubnetInfoRuntimeApi_get_all_dynamic_info: [],
  SubnetInfoRuntimeApi_get_all_metagraphs: [],
  SubnetInfoRuntimeApi_get_metagraph: [1],
  SubnetInfoRuntimeApi_get_all_mechagraphs: [],
  SubnetInfoRuntimeApi_get_mechagraph: [1, 1],
  SubnetInfoRuntimeApi_get_dynamic_info: [1],
  SubnetInfoRuntimeApi_get_subnet_state: [1],
  SubnetInfoRuntimeApi_get_selective_metagraph: [1, allFields],
  SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey: [nominator, 1],
  SubnetInfoRuntimeApi_get_selective_mechagraph: [1, 1, allFields],
  SubnetInfoRuntimeApi_get_subnet_to_prune: [],
  SubnetInfoRuntimeApi_get_subnet_account_id: [1],
  SubnetInfoRuntimeApi_get_next_epoch_start_block: [1],
  SubnetInfoRuntimeApi_get_subnet_hyperparams_v3: [1],
  StakeInfoRuntimeApi_get_stake_info_for_coldkey: [nominator],
  StakeInfoRuntimeApi_get_stake_info_for_coldkeys: [[nominator, stranger]],
  StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid: [validator, nominator, 1],
  StakeInfoRuntimeApi_get_stake_availability_for_coldkeys: [[validator, nominator], null],
  StakeInfoRuntimeApi_get_stake_fee: [[validator, 1], nominator, [validator, 2], nominator, 1_000_000_000],
  SubnetRegistrationRuntimeApi_get_network_registration_cost: [],
  SwapRuntimeApi_current_alpha_price: [1],
  SwapRuntimeApi_current_alpha_price_all: [],
  SwapRuntimeApi_sim_swap_tao_for_alpha: [1, 1_000_000_000],
  SwapRuntimeApi_sim_swap_alpha_for_tao: [1, 1_000_000_000],
}

/** What the APIs have for locks, which this chain has not. */
const locks = ['get_coldkey_lock', 'get_hotkey_conviction', 'get_most_convicted_hotkey_on_subnet']

describe('the six APIs', () => {
  test('are served with every method of 424, locks aside', () => {
    const apis = new Set(Object.keys(calls).map((name) => name.split('_')[0]!))
    const served = runtime.apis.flatMap(({ name, methods }) =>
      Object.keys(methods).map((method) => `${name}_${method}`),
    )
    const theirs = [...realMethods.keys()].filter((name) => apis.has(name.split('_')[0]!))
    const withoutLocks = theirs.filter((name) => !locks.some((lock) => name.endsWith(lock)))
    expect(served.filter((name) => apis.has(name.split('_')[0]!)).sort()).toEqual(withoutLocks.sort())
    expect(Object.keys(calls).sort()).toEqual(withoutLocks)
  })

  // Both readings go to the last byte; the served metadata's is encoded again and compared too.
  test.each(Object.entries(calls))('%s reads the same by the real layout and by the served metadata', (name, args) => {
    const small = readBoth(world.state, name, ...args)
    expect(small.metadata).toEqual(small.layout)
    const large = readBoth(full.state, name, ...args.map((arg) => (arg === 1 ? 2 : arg)))
    expect(large.metadata).toEqual(large.layout)
  })
})

describe('a subnet that does not exist', () => {
  const unknown = 4242
  test.each([
    'get_subnet_info',
    'get_subnet_info_v2',
    'get_subnet_hyperparams',
    'get_subnet_hyperparams_v2',
    'get_subnet_hyperparams_v3',
    'get_metagraph',
    'get_dynamic_info',
    'get_subnet_state',
    'get_subnet_account_id',
  ])('is None for %s', (method) => {
    expect(ask(world.state, `SubnetInfoRuntimeApi_${method}`, unknown)).toBeNull()
  })

  test('has no metagraph of a mechanism, no chosen fields and no neurons', () => {
    expect(ask(world.state, 'SubnetInfoRuntimeApi_get_mechagraph', unknown, 0)).toBeNull()
    expect(ask(world.state, 'SubnetInfoRuntimeApi_get_selective_metagraph', unknown, [0, 1])).toBeNull()
    expect(ask(world.state, 'SubnetInfoRuntimeApi_get_selective_mechagraph', unknown, 0, [0])).toBeNull()
    expect(ask(world.state, 'NeuronInfoRuntimeApi_get_neurons', unknown)).toEqual([])
    expect(ask(world.state, 'NeuronInfoRuntimeApi_get_neurons_lite', unknown)).toEqual([])
    expect(ask(world.state, 'NeuronInfoRuntimeApi_get_neuron', unknown, 0)).toBeNull()
    expect(ask(world.state, 'NeuronInfoRuntimeApi_get_neuron_lite', 1, 3)).toBeNull()
  })
})

test('a subnet without neurons has empty vectors', () => {
  const empty = apiWorld()
  empty.state.set(storage.NetworksAdded, [9], true)
  const graph = ask(empty.state, 'SubnetInfoRuntimeApi_get_metagraph', 9) as Record<string, Plain>
  expect([graph.netuid, graph.num_uids, graph.hotkeys, graph.axons, graph.total_stake]).toEqual([9n, 0n, [], [], []])
  expect(ask(empty.state, 'NeuronInfoRuntimeApi_get_neurons', 9)).toEqual([])
})

test('a full subnet has 256 of everything that is per uid, in order of the uids', () => {
  const graph = ask(full.state, 'SubnetInfoRuntimeApi_get_metagraph', 2) as Record<string, Plain[]>
  const neurons = ask(full.state, 'NeuronInfoRuntimeApi_get_neurons', 2) as { uid: bigint; hotkey: string }[]
  expect(neurons.map(({ uid }) => uid)).toEqual(Array.from({ length: 256 }, (_, uid) => BigInt(uid)))
  expect(graph.hotkeys).toEqual(neurons.map(({ hotkey }) => hotkey))
  for (const column of ['coldkeys', 'identities', 'axons', 'active', 'block_at_registration', 'total_stake']) {
    expect([column, graph[column]!.length]).toEqual([column, 256])
  }
  expect(graph.hotkeys).not.toContain(miner)
})
