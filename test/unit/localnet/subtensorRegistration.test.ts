import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { networkLockCost } from '../../../src/localnet/pallets/subtensor/lockCost.ts'
import { neuronToPrune } from '../../../src/localnet/pallets/subtensor/pruning.ts'
import {
  bumpRegistrationPrice,
  updateRegistrationPrices,
} from '../../../src/localnet/pallets/subtensor/registrationPrices.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import type { StorageItem } from '../../../src/localnet/storage.ts'
import {
  account,
  emptyWorld,
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

const names = (world: World): string[] => world.events.map((event) => event.name)

test('register_network: what it costs, writes and tells', () => {
  const world = emptyWorld()
  fund(world, owner, tao(5000))
  world.events.length = 0
  expect(networkLockCost(world.state, world.block)).toBe(tao(1000))
  world.run('register_network', { hotkey: ownerHotkey }, signed(owner))
  const { state } = world
  const read = (name: 'SubnetTAO' | 'SubnetAlphaIn' | 'SubnetAlphaOut' | 'SubnetLocked' | 'Burn') =>
    state.get(storage[name], 1)
  expect(freeBalance(state, owner)).toBe(tao(4000))
  expect(freeBalance(state, subnetAccount(1))).toBe(tao(1000))
  expect(read('SubnetTAO')).toBe(tao(1000))
  // No other subnet has a price, so alpha is worth one TAO.
  expect(read('SubnetAlphaIn')).toBe(tao(1000))
  expect(read('SubnetAlphaOut')).toBe(0n)
  expect(read('SubnetLocked')).toBe(tao(1000))
  expect(read('Burn')).toBe(tao(1))
  expect(state.get(storage.TotalStake)).toBe(tao(1000))
  expect(state.get(storage.Keys, 1, 0)).toBe(ownerHotkey)
  expect(state.get(storage.SubnetOwnerHotkey, 1)).toBe(ownerHotkey)
  expect(state.get(storage.SubnetOwner, 1)).toBe(owner)
  expect(state.get(storage.SubnetMechanism, 1)).toBe(1)
  expect(state.get(storage.NetworkRegisteredAt, 1)).toBe(10n)
  expect(state.get(storage.TotalNetworks)).toBe(2)
  expect(Buffer.from(state.get(storage.TokenSymbol, 1)).toString()).toBe('α')
  expect(state.get(storage.LastEpochBlock, 1)).toBe(9n)
  expect(state.get(storage.SubnetEmissionEnabled, 1)).toBe(false)
  expect(state.get(storage.Yuma3On, 1)).toBe(true)
  expect(state.get(storage.SubtokenEnabled, 1)).toBe(false)
  expect(state.get(storage.MinAllowedWeights, 1)).toBe(1)
  expect(state.get(storage.OwnedHotkeys, owner)).toEqual([ownerHotkey])
  expect(names(world).slice(-2)).toEqual(['SubnetOwnerHotkeySet', 'NetworkAdded'])
  expect(world.events.at(-1)!.fields).toEqual({ 0: 1, 1: 1 })
})

test('the next network costs twice as much and gets cheaper block by block', () => {
  const world = emptyWorld()
  fund(world, owner, tao(10_000))
  world.run('register_network', { hotkey: ownerHotkey }, signed(owner))
  expect(networkLockCost(world.state, 10)).toBe(tao(2000))
  expect(networkLockCost(world.state, 11)).toBe(tao(2000) - tao(1000) / 100_800n)
  expect(networkLockCost(world.state, 10_000_000)).toBe(tao(1000))
  world.block = 11
  world.run('register_network', { hotkey: account(3) }, signed(owner))
  // The median price of the others is 1, whatever the new pool's size.
  expect(world.state.get(storage.SubnetAlphaIn, 2)).toBe(world.state.get(storage.SubnetTAO, 2))
  expect(Buffer.from(world.state.get(storage.TokenSymbol, 2)).toString()).toBe('β')
})

test('a new pool takes the median price of the others', () => {
  const world = emptyWorld()
  fund(world, owner, tao(100_000))
  for (const [i, alpha] of [500, 250].entries()) {
    world.run('register_network', { hotkey: account(0x10 + i) }, signed(owner))
    world.state.set(storage.SubnetTAO, [i + 1], tao(1000))
    world.state.set(storage.SubnetAlphaIn, [i + 1], tao(alpha))
    world.block++
  }
  // Prices 2 and 4: the median of an even number is the mean of the middle two.
  world.run('register_network', { hotkey: account(0x20) }, signed(owner))
  const pool = world.state.get(storage.SubnetTAO, 3)
  expect(world.state.get(storage.SubnetAlphaIn, 3)).toBe(pool / 3n)
})

const identity = Object.fromEntries(
  [
    'subnet_name',
    'github_repo',
    'subnet_contact',
    'subnet_url',
    'discord',
    'description',
    'logo_url',
    'additional',
  ].map((field) => [field, new Uint8Array(10)]),
)

test('register_network fails in the order of its checks', () => {
  const world = emptyWorld()
  world.block = 100
  const args = { hotkey: ownerHotkey, identity: { ...identity, discord: new Uint8Array(257) } as unknown }
  const outcome = () => world.outcome('register_network_with_identity', args, signed(owner))
  world.state.set(storage.SubnetLimit, [], 0)
  world.state.set(storage.NetworkRateLimit, [], 50n)
  world.state.set(storage.LastRateLimitedBlock, [{ type: 'NetworkLastRegistered' }], 60n)
  world.state.set(storage.NetworkRegistrationStartBlock, [], 101n)
  world.state.set(storage.Owner, [ownerHotkey], account(9))
  expect(world.outcome('register_network_with_identity', args, root)).toBe('BadOrigin')
  expect(outcome()).toBe('NonAssociatedColdKey')
  args.hotkey = subnetAccount(1)
  expect(outcome()).toBe('CannotUseSystemAccount')
  args.hotkey = account(3)
  expect(outcome()).toBe('SubNetRegistrationDisabled')
  world.state.set(storage.NetworkRegistrationStartBlock, [], 100n)
  expect(outcome()).toBe('NetworkTxRateLimitExceeded')
  world.block = 110
  expect(outcome()).toBe('SubnetLimitReached')
  world.state.set(storage.SubnetLimit, [], 1)
  expect(outcome()).toBe('CannotAffordLockCost')
  fund(world, owner, networkLockCost(world.state, 110) + 499n)
  expect(outcome()).toBe('CannotAffordLockCost')
  fund(world, owner, 1n)
  expect(outcome()).toBe('InvalidIdentity')
  args.identity = identity
  expect(outcome()).toBe('ok')
  expect(names(world)).toContain('SubnetIdentitySet')
  expect(freeBalance(world.state, owner)).toBe(500n)
})

test('start_call', () => {
  const world = emptyWorld()
  fund(world, owner, tao(5000))
  world.run('register_network', { hotkey: ownerHotkey }, signed(owner))
  world.state.set(storage.StartCallDelay, [], 20n)
  expect(world.outcome('start_call', { netuid: 5 }, signed(owner))).toBe('SubnetNotExists')
  expect(world.outcome('start_call', { netuid: 1 }, signed(account(9)))).toBe('BadOrigin')
  expect(world.outcome('start_call', { netuid: 1 }, root)).toBe('BadOrigin')
  expect(world.outcome('start_call', { netuid: 1 }, signed(owner))).toBe('NeedWaitingMoreBlocksToStarCall')
  world.block = 30
  expect(world.outcome('start_call', { netuid: 1 }, signed(owner))).toBe('ok')
  expect(world.state.get(storage.FirstEmissionBlockNumber, 1)).toBe(31n)
  expect(world.state.get(storage.SubtokenEnabled, 1)).toBe(true)
  expect(world.outcome('start_call', { netuid: 1 }, signed(owner))).toBe('FirstEmissionBlockNumberAlreadySet')
})

test('burned_register: payment, uid, counters, price', () => {
  const world = subnetWorld()
  const { state } = world
  const [hotkey, coldkey] = [account(0x11), account(0x12)]
  fund(world, coldkey, tao(10))
  const alphaIn = state.get(storage.SubnetAlphaIn, 1)
  const issued = state.get(storage.TotalIssuance)
  world.events.length = 0
  world.run('burned_register', { netuid: 1, hotkey }, signed(coldkey))
  const fee = (tao(1) * 33n) / 65_535n
  expect(freeBalance(state, coldkey)).toBe(tao(9))
  expect(freeBalance(state, subnetAccount(1))).toBe(tao(1001) - fee)
  expect(freeBalance(state, world.author)).toBe(fee)
  expect(state.get(storage.SubnetTAO, 1)).toBe(tao(1001) - fee)
  // The alpha that was bought leaves circulation.
  expect(state.get(storage.SubnetAlphaIn, 1)).toBeLessThan(alphaIn)
  expect(state.get(storage.SubnetAlphaOut, 1)).toBe(0n)
  expect(state.get(storage.TotalIssuance)).toBe(issued)
  expect(state.get(storage.Burn, 1)).toBe(1_260_000_000n)
  expect(state.get(storage.RAORecycledForRegistration, 1)).toBe(tao(1))
  expect(state.get(storage.RegistrationsThisBlock, 1)).toBe(1)
  expect(state.get(storage.Uids, 1, hotkey)).toBe(1)
  expect(state.get(storage.Keys, 1, 1)).toBe(hotkey)
  expect(state.get(storage.IsNetworkMember, hotkey, 1)).toBe(true)
  expect(state.get(storage.Active, 1)).toEqual([true, true])
  expect(state.get(storage.ValidatorPermit, 1)).toEqual([false, false])
  expect(state.get(storage.LastUpdate, 1)).toEqual([10n, 10n])
  expect(state.get(storage.Owner, hotkey)).toBe(coldkey)
  expect(world.events.at(-1)).toEqual({ name: 'NeuronRegistered', fields: { 0: 1, 1: 1, 2: hotkey } })
})

test('burned_register fails in the order of its checks', () => {
  const world = subnetWorld()
  const { state } = world
  const coldkey = account(0x12)
  const outcome = (hotkey: AccountId, netuid = 1) =>
    world.outcome('burned_register', { netuid, hotkey }, signed(coldkey))
  state.set(storage.MaxAllowedUids, [1], 0)
  state.set(storage.NetworkRegistrationAllowed, [1], false)
  expect(outcome(ownerHotkey, 0)).toBe('RegistrationNotPermittedOnRootSubnet')
  expect(outcome(ownerHotkey, 9)).toBe('SubnetNotExists')
  expect(outcome(ownerHotkey)).toBe('SubNetRegistrationDisabled')
  state.set(storage.NetworkRegistrationAllowed, [1], true)
  expect(outcome(ownerHotkey)).toBe('HotKeyAlreadyRegisteredInSubNet')
  state.set(storage.Owner, [account(0x21)], account(0x22))
  expect(outcome(account(0x21))).toBe('NotEnoughBalanceToStake')
  fund(world, coldkey, tao(10))
  expect(outcome(account(0x21))).toBe('NonAssociatedColdKey')
  expect(outcome(subnetAccount(3))).toBe('CannotUseSystemAccount')
  expect(outcome(account(0x23))).toBe('NoNeuronIdAvailable')
  // Full, and everybody immune but too few are not: the best immune one goes, unless it is the owner's.
  state.set(storage.MaxAllowedUids, [1], 1)
  expect(outcome(account(0x23))).toBe('NoNeuronIdAvailable')
  state.set(storage.MaxAllowedUids, [1], 2)
  expect(outcome(account(0x23))).toBe('ok')
  expect(state.get(storage.Owner, account(0x21))).toBe(account(0x22))
})

test('register ignores its proof of work; register_limit guards the price', () => {
  const world = subnetWorld()
  const [coldkey, other] = [account(0x12), account(0x13)]
  fund(world, coldkey, tao(10))
  const work = { netuid: 1, block_number: 0n, nonce: 0n, work: new Uint8Array(), hotkey: account(0x11), coldkey: other }
  expect(world.outcome('register', work, signed(coldkey))).toBe('ok')
  expect(world.state.get(storage.Owner, account(0x11))).toBe(coldkey)
  const limited = { netuid: 1, hotkey: account(0x14), limit_price: 1_259_999_999n }
  expect(world.outcome('register_limit', { ...limited, netuid: 0 }, signed(coldkey))).toBe(
    'RegistrationNotPermittedOnRootSubnet',
  )
  expect(world.outcome('register_limit', limited, signed(coldkey))).toBe('RegistrationPriceLimitExceeded')
  expect(world.outcome('register_limit', { ...limited, limit_price: 1_260_000_000n }, signed(coldkey))).toBe('ok')
})

test('the price decays and jumps as the facts work them out', () => {
  const world = subnetWorld()
  const { state } = world
  const set = (burn: bigint, halfLife: number, min = 0n, max = tao(100)) => {
    state.set(storage.Burn, [1], burn)
    state.set(storage.BurnHalfLife, [1], halfLife)
    state.set(storage.MinBurn, [1], min)
    state.set(storage.MaxBurn, [1], max)
  }
  const after = (blocks: number) => {
    for (let i = 0; i < blocks; i++) updateRegistrationPrices(world)
    return state.get(storage.Burn, 1)
  }
  set(1024n, 2)
  expect([after(1), after(1), after(1), after(1)]).toEqual([724n, 511n, 361n, 255n])
  set(2000n, 1000)
  expect(after(1)).toBe(1998n)
  set(100_000_000n, 360, 500_000n)
  expect(after(360)).toBe(49_999_863n)
  set(1n, 1, 100_000n, 150_000n)
  state.set(storage.BurnIncreaseMult, [1], 2n << 64n)
  expect(after(1)).toBe(100_000n)
  bumpRegistrationPrice(state, 1)
  expect(state.get(storage.Burn, 1)).toBe(150_000n)
  expect([after(1), after(1)]).toEqual([100_000n, 100_000n])
  set(1000n, 0)
  expect(after(5)).toBe(1000n)
  // A multiplier below 1 never makes a registration cheaper.
  state.set(storage.BurnIncreaseMult, [1], 1n << 63n)
  bumpRegistrationPrice(state, 1)
  expect(state.get(storage.Burn, 1)).toBe(1000n)
  // Nothing decays in block 1.
  set(1024n, 2)
  world.block = 1
  expect(after(1)).toBe(1024n)
})

test('replacing a neuron forgets the old one and zeroes the weights that others gave it', () => {
  const world = subnetWorld()
  const { state } = world
  const uids = [0x11, 0x12, 0x13].map((byte) => registerNeuron(world, account(byte)))
  expect(uids).toEqual([1, 2, 3])
  state.set(storage.MaxAllowedUids, [1], 4)
  state.set(storage.Emission, [1], [0n, 5n, 1n, 9n])
  state.set(storage.ValidatorPermit, [1], [true, true, true, true])
  state.set(storage.Incentive, [1], [1, 2, 3, 4])
  state.set(storage.Weights, [1, 2], [[1, 7]])
  state.set(storage.Bonds, [1, 2], [[1, 7]])
  state.set(
    storage.Weights,
    [1, 0],
    [
      [2, 65_535],
      [3, 100],
    ],
  )
  state.set(storage.Bonds, [1, 0], [[2, 9]])
  state.set(storage.NeuronCertificates, [1, account(0x12)], { algorithm: 1, public_key: new Uint8Array(32) })
  world.block = 20
  expect(registerNeuron(world, account(0x31))).toBe(2)
  expect(state.get(storage.Uids, 1, account(0x12))).toBeUndefined()
  expect(state.get(storage.IsNetworkMember, account(0x12), 1)).toBe(false)
  expect(state.has(storage.NeuronCertificates, 1, account(0x12))).toBe(false)
  expect(state.get(storage.Weights, 1, 2)).toEqual([])
  expect(state.get(storage.Bonds, 1, 2)).toEqual([])
  expect(state.get(storage.Weights, 1, 0)).toEqual([
    [2, 0],
    [3, 100],
  ])
  // Bonds towards the uid stay; the epoch masks them.
  expect(state.get(storage.Bonds, 1, 0)).toEqual([[2, 9]])
  expect(state.get(storage.Emission, 1)).toEqual([0n, 5n, 0n, 9n])
  expect(state.get(storage.ValidatorPermit, 1)).toEqual([true, true, false, true])
  expect(state.get(storage.Incentive, 1)).toEqual([1, 2, 0, 4])
  expect(state.get(storage.LastUpdate, 1)).toEqual([10n, 10n, 20n, 10n])
  expect(state.get(storage.BlockAtRegistration, 1, 2)).toBe(20n)
  expect(state.get(storage.SubnetworkN, 1)).toBe(4)
})

test('whom pruning takes: the poorest, then the oldest, then the lowest uid; the owner never', () => {
  const world = subnetWorld()
  const { state } = world
  for (let byte = 0x11; byte <= 0x1c; byte++) registerNeuron(world, account(byte))
  state.set(storage.ImmunityPeriod, [1], 100)
  state.set(storage.Emission, [1], [0n, ...Array.from({ length: 12 }, () => 5n)])
  // Everybody is immune: the immune are all there is.
  expect(neuronToPrune(state, 1, 50)).toBe(1)
  // Eleven are past their immunity (more than the ten that must stay), one is not.
  state.set(storage.BlockAtRegistration, [1, 1], 60n)
  expect(neuronToPrune(state, 1, 120)).toBe(2)
  state.set(storage.BlockAtRegistration, [1, 3], 9n)
  expect(neuronToPrune(state, 1, 120)).toBe(3)
  state.update(storage.Emission, [1], (emission) => emission.with(7, 4n))
  expect(neuronToPrune(state, 1, 120)).toBe(7)
  // With only ten of them left, the immune one has to go.
  state.set(storage.BlockAtRegistration, [1, 2], 60n)
  expect(neuronToPrune(state, 1, 120)).toBe(1)
})

test('uids stay dense and both maps agree, whatever is registered', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ key: fc.integer({ min: 0x10, max: 0x1f }), emission: fc.bigInt({ min: 0n, max: 3n }) }), {
        maxLength: 25,
      }),
      fc.integer({ min: 2, max: 6 }),
      (steps, limit) => {
        const world = subnetWorld()
        const { state } = world
        state.set(storage.MaxAllowedUids, [1], limit)
        state.set(storage.MinNonImmuneUids, [1], 0)
        state.set(storage.ImmunityPeriod, [1], 2)
        for (const { key, emission } of steps) {
          world.block++
          const isKnown = state.has(storage.Uids, 1, account(key))
          if (!isKnown) registerNeuron(world, account(key))
          const n = state.get(storage.SubnetworkN, 1)
          state.update(storage.Emission, [1], (all) => all.map((_, uid) => (uid === n - 1 ? emission : all[uid]!)))
        }
        const n = state.get(storage.SubnetworkN, 1)
        expect(n).toBeLessThanOrEqual(limit)
        const hotkeys = Array.from({ length: n }, (_, uid) => state.get(storage.Keys, 1, uid))
        expect(new Set(hotkeys).size).toBe(n)
        expect(hotkeys[0]).toBe(ownerHotkey)
        expect(hotkeys.map((hotkey) => state.get(storage.Uids, 1, hotkey))).toEqual(hotkeys.map((_, uid) => uid))
        expect([...state.entries(storage.Uids, 1)]).toHaveLength(n)
        expect([...state.entries(storage.Keys, 1)]).toHaveLength(n)
        const lengths = (['Active', 'Emission', 'Consensus', 'Dividends', 'LastUpdate', 'Incentive'] as const).map(
          (name) => (state.get(storage[name] as StorageItem<readonly [number], unknown[]>, 1) as unknown[]).length,
        )
        expect(lengths).toEqual(lengths.map(() => n))
      },
    ),
    { numRuns: 40 },
  )
})

test('root_register: free, bounded by block and interval, replaces only the weaker', () => {
  const world = emptyWorld()
  const { state } = world
  const register = (byte: number) => world.outcome('root_register', { hotkey: account(byte) }, signed(account(0x80)))
  expect(register(1)).toBe('ok')
  expect(state.get(storage.Delegates, account(1))).toBe(11_796)
  expect(state.has(storage.Delegates, account(1))).toBe(true)
  expect(world.events.at(-1)).toEqual({ name: 'NeuronRegistered', fields: { 0: 0, 1: 0, 2: account(1) } })
  expect(register(2)).toBe('TooManyRegistrationsThisBlock')
  for (const byte of [2, 3]) {
    world.block++
    updateRegistrationPrices(world)
    expect(register(byte)).toBe('ok')
  }
  world.block++
  updateRegistrationPrices(world)
  expect(register(4)).toBe('TooManyRegistrationsThisInterval')
  world.block = 100
  updateRegistrationPrices(world)
  expect(register(3)).toBe('HotKeyAlreadyRegisteredInSubNet')
  state.set(storage.MaxAllowedUids, [0], 3)
  for (const [byte, stake] of [
    [1, 50n],
    [2, 40n],
    [3, 60n],
    [4, 40n],
  ] as const) {
    state.set(storage.TotalHotkeyAlpha, [account(byte), 0], stake)
  }
  expect(register(4)).toBe('StakeTooLowForRoot')
  state.set(storage.TotalHotkeyAlpha, [account(4), 0], 41n)
  expect(register(4)).toBe('ok')
  expect(state.get(storage.Keys, 0, 1)).toBe(account(4))
})
