import { expect, test } from 'vitest'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { validateSubtensorCall } from '../../../src/localnet/pallets/subtensor/validate.ts'
import { account, owner, ownerHotkey, registerNeuron, root, signed, subnetWorld, type World } from './subtensorWorld.ts'

const validator = account(0x11)

/** A subnet with uids 0 (owner), 1 (validator with a permit), 2 and 3, in which everybody may set weights now. */
function weightWorld(): World {
  const world = subnetWorld()
  for (const byte of [0x11, 0x12, 0x13]) registerNeuron(world, account(byte))
  world.state.set(storage.ValidatorPermit, [1], [false, true, false, false])
  world.block = 200
  world.events.length = 0
  return world
}

const valid = { netuid: 1, dests: [2, 3], weights: [1, 3], version_key: 0n }

test('set_weights stores what was given, scaled to 65535, in the order given', () => {
  const world = weightWorld()
  world.run('set_weights', { ...valid, dests: [3, 2, 1], weights: [21845, 43690, 0] }, signed(validator))
  expect(world.state.get(storage.Weights, 1, 1)).toEqual([
    [3, 32768],
    [2, 65535],
    [1, 0],
  ])
  expect(world.state.get(storage.LastUpdate, 1)[1]).toBe(200n)
  expect(world.events).toEqual([{ name: 'WeightsSet', fields: { 0: 1, 1: 1 } }])
})

/** Each breaks one check; listed in the order of the checks, so each must win over all that follow it. */
const breaks: readonly [error: string, apply: (world: World, args: Record<string, unknown>) => void][] = [
  ['CommitRevealEnabled', ({ state }) => state.set(storage.CommitRevealWeightsEnabled, [1], true)],
  ['WeightVecNotEqualSize', (_, args) => Object.assign(args, { weights: [1, 3, 4, 5, 6, 7] })],
  [
    'UidsLengthExceedUidsInSubNet',
    (_, args) => Object.assign(args, { dests: [2, 2, 7, 8, 9], weights: [1, 1, 1, 1, 1] }),
  ],
  ['HotKeyNotRegisteredInSubNet', ({ state }) => state.remove(storage.Uids, 1, validator)],
  ['IncorrectWeightVersionKey', ({ state }) => state.set(storage.WeightsVersionKey, [1], 1n)],
  ['NeuronNoValidatorPermit', ({ state }) => state.set(storage.ValidatorPermit, [1], [false, false, false, false])],
  ['DuplicateUids', (_, args) => Object.assign(args, { dests: [9, 9], weights: [1, 1] })],
  ['UidVecContainInvalidOne', (_, args) => Object.assign(args, { dests: [9], weights: [1] })],
  ['WeightVecLengthIsLow', (_, args) => Object.assign(args, { dests: [2], weights: [1] })],
]

test('set_weights fails in the order of its checks', () => {
  const world = weightWorld()
  const args = { ...valid }
  world.state.set(storage.MinAllowedWeights, [1], 2)
  for (const [error, apply] of breaks.toReversed()) {
    apply(world, args)
    expect(world.outcome('set_weights', args, signed(validator))).toBe(error)
  }
})

test('set_weights: root, unknown mechanisms, stake and rate', () => {
  const world = weightWorld()
  const { state } = world
  expect(world.outcome('set_weights', valid, root)).toBe('BadOrigin')
  state.set(storage.CommitRevealWeightsEnabled, [0], false)
  state.set(storage.CommitRevealWeightsEnabled, [7], false)
  expect(world.outcome('set_weights', { ...valid, netuid: 0 }, signed(validator))).toBe('CanNotSetRootNetworkWeights')
  expect(world.outcome('set_weights', { ...valid, netuid: 7 }, signed(validator))).toBe('MechanismDoesNotExist')
  expect(world.outcome('set_mechanism_weights', { ...valid, mecid: 1 }, signed(account(0x77)))).toBe(
    'MechanismDoesNotExist',
  )
  state.set(storage.StakeThreshold, [], 1000n)
  expect(world.outcome('set_weights', valid, signed(validator))).toBe('NotEnoughStakeToSetWeights')
  state.set(storage.TotalHotkeyAlpha, [validator, 1], 999n)
  expect(world.outcome('set_weights', valid, signed(validator))).toBe('NotEnoughStakeToSetWeights')
  // Root TAO counts with its weight: 20 rao × 0.0527 is one.
  state.set(storage.TotalHotkeyAlpha, [validator, 0], 20n)
  expect(world.outcome('set_weights', valid, signed(validator))).toBe('ok')
  expect(world.outcome('set_weights', valid, signed(validator))).toBe('SettingWeightsTooFast')
  world.block = 299
  expect(world.outcome('set_weights', valid, signed(validator))).toBe('SettingWeightsTooFast')
  world.block = 300
  expect(world.outcome('set_weights', valid, signed(validator))).toBe('ok')
})

test('the owner hotkey needs neither stake nor permit, and anybody may weigh itself', () => {
  const world = weightWorld()
  expect(world.outcome('set_weights', valid, signed(account(0x12)))).toBe('NeuronNoValidatorPermit')
  expect(world.outcome('set_weights', { ...valid, dests: [2], weights: [9] }, signed(account(0x12)))).toBe('ok')
  world.state.set(storage.StakeThreshold, [], 1000n)
  expect(world.outcome('set_weights', valid, signed(ownerHotkey))).toBe('ok')
})

test('a fresh neuron waits for the rate limit like everybody, unless it was born in block 0', () => {
  const world = weightWorld()
  world.state.set(storage.ValidatorPermit, [1], [false, true, true, true])
  world.block = 50
  expect(world.outcome('set_weights', valid, signed(account(0x12)))).toBe('SettingWeightsTooFast')
  world.state.set(storage.LastUpdate, [1], [0n, 0n, 0n, 0n])
  expect(world.outcome('set_weights', valid, signed(account(0x12)))).toBe('ok')
})

test('mechanisms have weights and rate limits of their own', () => {
  const world = weightWorld()
  world.state.set(storage.MaxAllowedUids, [1], 128)
  world.run('sudo_set_mechanism_count', { netuid: 1, mechanism_count: 2 }, root)
  expect(world.outcome('set_mechanism_weights', { ...valid, mecid: 1 }, signed(validator))).toBe('ok')
  expect(world.outcome('set_mechanism_weights', { ...valid, mecid: 0 }, signed(validator))).toBe('ok')
  expect(world.outcome('set_mechanism_weights', { ...valid, mecid: 1 }, signed(validator))).toBe(
    'SettingWeightsTooFast',
  )
  expect(world.state.get(storage.Weights, 4097, 1)).toEqual([
    [2, 21845],
    [3, 65535],
  ])
  expect(world.state.get(storage.LastUpdate, 4097)).toEqual([0n, 200n])
  expect(world.events.at(-1)!.fields).toEqual({ 0: 1, 1: 1 })
})

test('a batch goes on after failures and tells them at its end', () => {
  const world = weightWorld()
  const args = { netuids: [7, 1], weights: [[[0, 1]], [[2, 1]]], version_keys: [0n, 0n] }
  expect(world.outcome('batch_set_weights', { ...args, version_keys: [0n] }, signed(validator))).toBe(
    'InputLengthsUnequal',
  )
  world.run('batch_set_weights', args, signed(validator))
  expect(world.events.map((event) => event.name)).toEqual([
    'WeightsSet',
    'BatchCompletedWithErrors',
    'BatchWeightItemFailed',
    'BatchWeightsCompleted',
  ])
  expect(world.events[2]!.fields).toMatchObject({ 0: 7, 1: { type: 'Module' } })
  expect(world.events[3]!.fields).toEqual({ 0: [7, 1], 1: validator })
})

test('the pool keeps out what cannot succeed', () => {
  const world = weightWorld()
  const { state } = world
  const ask = (name: string, args: Record<string, unknown>, who = validator) =>
    validateSubtensorCall(world, { pallet: 'SubtensorModule', name, args }, who)?.code
  expect(ask('set_weights', valid)).toBeUndefined()
  expect(validateSubtensorCall(world, { pallet: 'AdminUtils', name: 'set_weights', args: {} }, owner)).toBeUndefined()
  state.set(storage.StakeThreshold, [], 1000n)
  expect(ask('set_weights', valid)).toBe(1)
  expect(ask('batch_set_weights', { netuids: [1], weights: [[]], version_keys: [0n] })).toBe(1)
  expect(ask('set_weights', valid, ownerHotkey)).toBeUndefined()
  state.set(storage.StakeThreshold, [], 0n)
  world.run('set_weights', valid, signed(validator))
  expect(ask('set_weights', valid)).toBe(6)
  expect(ask('set_mechanism_weights', { ...valid, mecid: 0 })).toBe(6)
  expect(ask('set_weights', valid, account(0x77))).toBeUndefined()
  expect(ask('batch_set_weights', { netuids: [1], weights: [], version_keys: [0n] })).toBe(18)
  state.set(storage.NetworkRateLimit, [], 1000n)
  expect(ask('register_network', { hotkey: validator })).toBe(6)
})
