import { beforeEach, expect, test } from 'vitest'
import { faces, localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import { storage as balances, freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { storage as commitments } from '../../../src/localnet/pallets/commitments/storage.ts'
import { dissolveNetwork } from '../../../src/localnet/pallets/subtensor/dissolveNetwork.ts'
import { storage393 } from '../../../src/localnet/pallets/subtensor/release393.ts'
import { fromInteger } from '../../../src/localnet/pallets/subtensor/safeFloat.ts'
import { addToPool } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { storage393 as swap393 } from '../../../src/localnet/pallets/swap393.ts'
import { netUid, netUidStorageIndex } from '../../../src/localnet/scale/chainTypes.ts'
import { State } from '../../../src/localnet/state.ts'
import type { StorageItem } from '../../../src/localnet/storage.ts'
import { account, fund, owner, registerNeuron, root, signed, subnetWorld, tao, type World } from './subtensorWorld.ts'

const [first, second, miner] = [account(0x31), account(0x32), account(0x33)]
let world: World

/** Subnet 1 with two stakers, one of them with twice as much, beside a subnet 2. */
beforeEach(() => {
  world = subnetWorld()
  fund(world, owner, tao(10_000))
  world.run('register_network', { hotkey: account(0x03) }, signed(owner))
  registerNeuron(world, miner)
  for (const [who, alpha] of [
    [first, tao(20)],
    [second, tao(10)],
  ] as const) {
    fund(world, who, tao(1))
    addToPool(world.state, miner, who, 1, alpha)
  }
  world.state.set(storage.TotalIssuance, [], world.state.get(balances.TotalIssuance))
  world.events.length = 0
})

/** Entries that belong to a subnet, by item: all items of all pallets of this release and of April's. */
function entriesOf(netuid: number): string[] {
  const items = new Map<string, StorageItem>()
  for (const spec of [393, 430] as const) {
    for (const pallet of localnetRuntime('fast', spec).pallets) {
      for (const item of Object.values(pallet.storage)) items.set(item.prefix, item)
    }
  }
  return [...items.values()].flatMap((item) => {
    const place = item.keys.findIndex(({ type }) => type === netUid || type === netUidStorageIndex)
    if (place === -1) return []
    return [...world.state.entries(item)].filter(([keys]) => keys[place] === netuid).map(() => item.name)
  })
}

test('its TAO goes to the stakers by their alpha, to the rao, and nothing of it is left', () => {
  const { state } = world
  const pot = state.get(storage.SubnetTAO, 1)
  const [issued, staked] = [state.get(balances.TotalIssuance), state.get(storage.TotalStake)]
  const kept = entriesOf(2).length
  expect(entriesOf(1).length).toBeGreaterThan(20)
  world.run('set_subnet_identity', identityOf(1), signed(owner))
  world.run('root_dissolve_network', { netuid: 1 }, root)
  const gains = [first, second].map((who) => freeBalance(state, who) - tao(1))
  expect(gains[0]! + gains[1]!).toBe(pot)
  expect(gains[0]).toBe((pot * 2n) / 3n + ((pot * 2n) % 3n === 2n ? 1n : 0n))
  expect(state.get(balances.TotalIssuance)).toBe(issued)
  expect(state.get(storage.TotalStake)).toBe(staked - pot)
  expect(freeBalance(state, subnetAccount(1))).toBe(0n)
  expect(entriesOf(1)).toEqual(['RegisteredSubnetCounter'])
  expect(entriesOf(2)).toHaveLength(kept)
  expect(state.get(storage.TotalNetworks)).toBe(2)
  expect(world.events.slice(-2).map(({ name }) => name)).toEqual(['SubnetIdentityRemoved', 'NetworkRemoved'])
})

test('what neurons committed there, and when its owner last changed something, is forgotten too', () => {
  const { state } = world
  const commitment = { deposit: 0n, block: 5, info: { fields: [] } }
  for (const netuid of [1, 2]) {
    state.set(commitments.CommitmentOf, [netuid, miner], commitment)
    for (const item of [commitments.LastCommitment, commitments.LastBondsReset]) state.set(item, [netuid, miner], 5)
    state.set(commitments.RevealedCommitments, [netuid, miner], [[new Uint8Array(2), 5n]])
    state.set(commitments.UsedSpaceOf, [netuid, miner], { last_epoch: 1n, used_space: 100n })
    state.set(storage.LastRateLimitedBlock, [{ type: 'SetSNOwnerHotkey', 0: netuid }], 5n)
    state.set(storage.LastRateLimitedBlock, [{ type: 'OwnerHyperparamUpdate', 0: netuid, 1: { type: 'Rho' } }], 5n)
  }
  state.set(storage.LastRateLimitedBlock, [{ type: 'LastTxBlock', 0: miner }], 5n)
  state.set(
    commitments.TimelockedIndex,
    [],
    [
      [1, miner],
      [2, miner],
    ],
  )
  const kept = entriesOf(2).length
  const limits = [...state.entries(storage.LastRateLimitedBlock)].length
  world.run('root_dissolve_network', { netuid: 1 }, root)
  expect(entriesOf(1)).toEqual(['RegisteredSubnetCounter'])
  expect(entriesOf(2)).toHaveLength(kept)
  expect(state.get(commitments.TimelockedIndex)).toEqual([[2, miner]])
  expect([...state.entries(storage.LastRateLimitedBlock)]).toHaveLength(limits - 2)
  expect(state.has(storage.LastRateLimitedBlock, { type: 'SetSNOwnerHotkey', 0: 1 })).toBe(false)
})

test('under the rules of April what only that release keeps goes as well', () => {
  const below = { get: (key: string) => world.state.getRaw(key), keys: (prefix: string) => world.state.keysRaw(prefix) }
  const state = new State(below, 'fast', faces[393])
  state.set(storage393.SubnetEmaTaoFlow, [1], [5n, 5n])
  state.set(storage393.LastAdjustmentBlock, [1], 5n)
  state.set(swap393.AlphaSqrtPrice, [1], 5n)
  state.set(swap393.AlphaSqrtPrice, [2], 5n)
  state.set(storage.AlphaV2, [miner, first, 1], fromInteger(5n))
  dissolveNetwork({ ...world, state }, 1)
  expect(state.has(storage393.SubnetEmaTaoFlow, 1)).toBe(false)
  expect(state.has(storage393.LastAdjustmentBlock, 1)).toBe(false)
  expect(state.has(storage393.Alpha, miner, first, 1)).toBe(false)
  expect([1, 2].map((netuid) => state.has(swap393.AlphaSqrtPrice, netuid))).toEqual([false, true])
})

const identityOf = (netuid: number) => ({
  netuid,
  ...Object.fromEntries(
    [
      'subnet_name',
      'github_repo',
      'subnet_contact',
      'subnet_url',
      'discord',
      'description',
      'logo_url',
      'additional',
    ].map((name) => [name, new Uint8Array(2)]),
  ),
})

test('TAO that nobody has a claim to goes out of issuance', () => {
  const issued = world.state.get(storage.TotalIssuance)
  const pot = world.state.get(storage.SubnetTAO, 2)
  world.run('dissolve_network', { coldkey: owner, netuid: 2 }, root)
  expect(world.state.get(storage.TotalIssuance)).toBe(issued - pot)
  expect(freeBalance(world.state, subnetAccount(2))).toBe(0n)
})

test('only root may, and root itself never ends', () => {
  expect(world.outcome('root_dissolve_network', { netuid: 1 }, signed(owner))).toBe('BadOrigin')
  expect(world.outcome('dissolve_network', { coldkey: owner, netuid: 1 }, signed(owner))).toBe('BadOrigin')
  for (const netuid of [0, 9]) {
    expect(world.outcome('root_dissolve_network', { netuid }, root)).toBe('SubnetNotExists')
  }
})

test('at the limit a new subnet takes the place of the cheapest that is old enough', () => {
  const { state } = world
  const register = (): string => world.outcome('register_network', { hotkey: account(0x0a) }, signed(owner))
  state.set(storage.SubnetLimit, [], 2)
  expect(register()).toBe('SubnetLimitReached')
  world.run('sudo_set_network_immunity_period', { immunity_period: 5n }, root)
  world.block += 5
  state.set(storage.SubnetMovingPrice, [1], 9n)
  state.set(storage.SubnetMovingPrice, [2], 8n)
  expect(register()).toBe('ok')
  expect(state.get(storage.SubnetOwnerHotkey, 2)).toBe(account(0x0a))
  expect(state.get(storage.RegisteredSubnetCounter, 2)).toBe(2n)
  expect(state.get(storage.TotalNetworks)).toBe(3)
  expect(world.events.filter(({ name }) => name === 'NetworkRemoved')).toHaveLength(1)
})

test('trimming removes who earns least, and closes the gaps', () => {
  const { state } = world
  const hotkeys = [0x41, 0x42, 0x43, 0x44].map(account)
  for (const hotkey of hotkeys) registerNeuron(world, hotkey)
  // uids: 0 owner, 1 miner, 2 … 5 the four.
  state.set(storage.Emission, [1], [0n, 50n, 10n, 30n, 5n, 40n])
  state.set(
    storage.Weights,
    [1, 5],
    [
      [2, 7],
      [3, 8],
      [4, 9],
    ],
  )
  state.set(storage.Bonds, [1, 4], [[1, 1]])
  world.run('sudo_set_min_allowed_uids', { netuid: 1, min_allowed_uids: 2 }, root)
  const trim = (most: number, who = signed(owner)): string =>
    world.outcome('sudo_trim_to_max_allowed_uids', { netuid: 1, max_n: most }, who)
  expect(trim(1)).toBe('InvalidValue')
  expect(trim(4)).toBe('TrimmingWouldExceedMaxImmunePercentage')
  world.run('sudo_set_immunity_period', { netuid: 1, immunity_period: 0 }, root)
  expect(trim(4, signed(first))).toBe('BadOrigin')
  expect(trim(4)).toBe('ok')
  expect([0, 1, 2, 3].map((uid) => state.get(storage.Keys, 1, uid))).toEqual([
    state.get(storage.SubnetOwnerHotkey, 1),
    miner,
    hotkeys[1],
    hotkeys[3],
  ])
  expect(state.get(storage.Emission, 1)).toEqual([0n, 50n, 30n, 40n])
  expect(state.get(storage.Weights, 1, 3)).toEqual([[2, 8]])
  expect([...state.entries(storage.Bonds, 1)]).toEqual([])
  expect([state.get(storage.SubnetworkN, 1), state.get(storage.MaxAllowedUids, 1)]).toEqual([4, 4])
  expect(state.has(storage.Uids, 1, hotkeys[0]!)).toBe(false)
  expect(state.has(storage.IsNetworkMember, hotkeys[2]!, 1)).toBe(false)
  // The owner may do so once a block on this build.
  expect(trim(4)).toBe('TxRateLimitExceeded')
})
