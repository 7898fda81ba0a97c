import { blake2b } from '@noble/hashes/blake2.js'
import { beforeEach, expect, test } from 'vitest'
import { storage as drand, quicknetConfiguration } from '../../../src/localnet/pallets/drand/storage.ts'
import { revealTimelockedCommits } from '../../../src/localnet/pallets/subtensor/revealTimelocked.ts'
import { runEpoch } from '../../../src/localnet/pallets/subtensor/runEpoch.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { validateSubtensorCall } from '../../../src/localnet/pallets/subtensor/validate.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { makeBeaconKey } from '../../../src/timelock/makeBeaconKey.ts'
import { encodeWeightsPayload, type WeightsPayload } from '../../../src/timelock/payloads.ts'
import { randomnessOf, signRound } from '../../../src/timelock/scheme.ts'
import { timelock } from '../../../src/timelock/timelock.ts'
import { account, fund, registerNeuron, root, signed, subnetWorld, tao, type World } from './subtensorWorld.ts'

const beacon = makeBeaconKey('test')
const validator = account(0x11)
const bytesOf = (who: AccountId): Uint8Array => Uint8Array.from(Buffer.from(who.slice(2), 'hex'))
const round = 50
const lock = (message: Uint8Array): Uint8Array => timelock(message, { publicKey: beacon.publicKey, round })
const payload = (change: Partial<WeightsPayload> = {}): Uint8Array =>
  encodeWeightsPayload({ hotkey: bytesOf(validator), uids: [0], values: [7], versionKey: 0n, ...change })
const good = lock(payload())

let world: World

/** Commit-reveal on, no rate limit, epoch index 5 with the next epoch far away. */
beforeEach(() => {
  world = subnetWorld()
  registerNeuron(world, validator)
  const { state } = world
  state.set(storage.CommitRevealWeightsEnabled, [1], true)
  state.set(storage.WeightsSetRateLimit, [1], 0n)
  state.set(storage.ValidatorPermit, [1], [false, true])
  state.set(storage.Tempo, [1], 1000)
  state.set(storage.SubnetEpochIndex, [1], 5n)
  state.set(drand.BeaconConfig, [], { ...quicknetConfiguration, public_key: beacon.publicKey })
  world.block = 20
  world.events.length = 0
})

const args = (commit: Uint8Array, more: object = {}) => {
  return { netuid: 1, commit, reveal_round: BigInt(round), commit_reveal_version: 4, ...more }
}
const commit = (ciphertext: Uint8Array, more: object = {}): string =>
  world.outcome('commit_timelocked_weights', args(ciphertext, more), signed(validator))
const queue = (epoch: bigint, index = 1) => world.state.get(storage.TimelockedWeightCommits, index, epoch)
const setEpoch = (index: bigint): void => world.state.set(storage.SubnetEpochIndex, [1], index)
const weights = (index = 1) => world.state.get(storage.Weights, index, 1)
const pulse = (): void => {
  const signature = signRound(beacon.secret, round)
  world.state.set(drand.Pulses, [BigInt(round)], {
    round: BigInt(round),
    randomness: randomnessOf(signature),
    signature,
  })
}
const names = (): string[] => world.events.map(({ name }) => name)

test('a commit is kept, and opened in the epoch of its reveal once its round is there', () => {
  expect(commit(good)).toBe('ok')
  expect(queue(5n)).toEqual([[validator, 20n, good, 50n]])
  expect(world.state.get(storage.LastUpdate, 1)[1]).toBe(20n)
  const hash = `0x${Buffer.from(blake2b(good, { dkLen: 32 })).toString('hex')}`
  expect(world.events).toEqual([
    { name: 'TimelockedWeightsCommitted', fields: { 0: validator, 1: 1, 2: hash, 3: 50n } },
  ])
  world.block = 30
  pulse()
  revealTimelockedCommits(world)
  expect(queue(5n)).toHaveLength(1)
  setEpoch(6n)
  revealTimelockedCommits(world)
  expect(weights()).toEqual([[0, 65_535]])
  expect(world.state.has(storage.TimelockedWeightCommits, 1, 5n)).toBe(false)
  expect(names().slice(1)).toEqual(['WeightsSet', 'TimelockedWeightsRevealed'])
  expect(world.events.at(-1)!.fields).toEqual({ 0: 1, 1: validator })
  // The commit has counted as the update, not the reveal.
  expect(world.state.get(storage.LastUpdate, 1)[1]).toBe(20n)
})

test('a commit waits for its round as long as the epoch of its reveal lasts, and is lost after it', () => {
  commit(good)
  setEpoch(6n)
  revealTimelockedCommits(world)
  revealTimelockedCommits(world)
  expect(queue(5n)).toHaveLength(1)
  pulse()
  setEpoch(7n)
  revealTimelockedCommits(world)
  expect(world.state.has(storage.TimelockedWeightCommits, 1, 5n)).toBe(false)
  expect(weights()).toEqual([])
})

test('where the epoch has to wait a block, so does the reveal', () => {
  commit(good)
  pulse()
  // From this block on the next epoch is due, so that it is the one of the reveal.
  world.state.set(storage.PendingEpochAt, [1], 30n)
  world.block = 30
  world.state.set(storage.MaxEpochsPerBlock, [], 0)
  revealTimelockedCommits(world)
  expect([queue(5n).length, weights()]).toEqual([1, []])
  world.state.set(storage.MaxEpochsPerBlock, [], 1)
  revealTimelockedCommits(world)
  expect(weights()).toEqual([[0, 65_535]])
})

test('the reveal period of the subnet decides', () => {
  world.state.set(storage.RevealPeriodEpochs, [1], 3n)
  commit(good)
  pulse()
  for (const epoch of [6n, 7n]) {
    setEpoch(epoch)
    revealTimelockedCommits(world)
    expect(weights()).toEqual([])
  }
  setEpoch(8n)
  revealTimelockedCommits(world)
  expect(weights()).toEqual([[0, 65_535]])
})

test("what does not open, is no payload, or is somebody else's, is dropped without a word", () => {
  const other = account(0x12)
  const bad = [
    new Uint8Array(300),
    timelock(payload(), { publicKey: beacon.publicKey, round: 51 }),
    lock(Uint8Array.of(1, 2, 3)),
    lock(payload({ hotkey: bytesOf(other) })),
    lock(payload({ uids: [0, 0], values: [1, 1] })),
    lock(payload({ uids: [9] })),
  ]
  for (const ciphertext of bad) expect(commit(ciphertext)).toBe('ok')
  setEpoch(6n)
  pulse()
  world.events.length = 0
  revealTimelockedCommits(world)
  expect(world.state.has(storage.TimelockedWeightCommits, 1, 5n)).toBe(false)
  expect([names(), weights()]).toEqual([[], []])
  expect(commit(good)).toBe('ok')
})

test('a payload from before it named its hotkey is still read; the last of several commits stands', () => {
  commit(good)
  commit(lock(payload({ hotkey: new Uint8Array() }).subarray(1)))
  commit(lock(payload({ uids: [1], values: [3] })))
  setEpoch(6n)
  pulse()
  world.events.length = 0
  revealTimelockedCommits(world)
  expect(names().filter((name) => name === 'TimelockedWeightsRevealed')).toHaveLength(3)
  expect(weights()).toEqual([[1, 65_535]])
})

test('commit fails in the order of its checks', () => {
  const { state } = world
  const byMechanism = (mecid: number, more: object = {}): string =>
    world.outcome('commit_timelocked_mechanism_weights', { ...args(good, more), mecid }, signed(validator))
  state.set(storage.CommitRevealWeightsEnabled, [1], false)
  state.remove(storage.Uids, 1, validator)
  expect(commit(good, { netuid: 9, commit_reveal_version: 3 })).toBe('MechanismDoesNotExist')
  expect(byMechanism(1)).toBe('MechanismDoesNotExist')
  expect(byMechanism(0, { commit_reveal_version: 3 })).toBe('CommitRevealDisabled')
  state.set(storage.CommitRevealWeightsEnabled, [1], true)
  expect(byMechanism(0, { commit_reveal_version: 3 })).toBe('IncorrectCommitRevealVersion')
  expect(commit(good)).toBe('HotKeyNotRegisteredInSubNet')
  state.set(storage.Uids, [1, validator], 1)
  state.set(storage.WeightsSetRateLimit, [1], 100n)
  expect(commit(good)).toBe('CommittingWeightsTooFast')
  state.set(storage.WeightsSetRateLimit, [1], 0n)
  for (let i = 0; i < 10; i++) expect(commit(good)).toBe('ok')
  expect(commit(good)).toBe('TooManyUnrevealedCommits')
  world.run('sudo_set_commit_reveal_version', { version: 5 }, root)
  expect(names().at(-1)).toBe('CommitRevealVersionSet')
  expect(commit(good)).toBe('IncorrectCommitRevealVersion')
})

test('each mechanism has commits of its own, in either spelling', () => {
  world.state.set(storage.MechanismCountCurrent, [1], 2)
  world.state.set(storage.LastUpdate, [4097], [0n, 0n])
  const { commit_reveal_version: _, ...crv3 } = args(good, { mecid: 1 })
  world.run('commit_crv3_mechanism_weights', crv3, signed(validator))
  world.run('commit_timelocked_mechanism_weights', args(good, { mecid: 1 }), signed(validator))
  expect([queue(5n, 4097).length, queue(5n, 1).length]).toEqual([2, 0])
  setEpoch(6n)
  pulse()
  revealTimelockedCommits(world)
  expect([weights(4097), weights(1)]).toEqual([[[0, 65_535]], []])
})

test('the commits of a mechanism go with it', () => {
  world.state.set(storage.MechanismCountCurrent, [1], 2)
  world.state.set(storage.LastUpdate, [4097], [0n, 0n])
  world.state.set(storage.MaxAllowedUids, [1], 64)
  world.run('commit_timelocked_mechanism_weights', args(good, { mecid: 1 }), signed(validator))
  expect(commit(good)).toBe('ok')
  world.run('sudo_set_mechanism_count', { netuid: 1, mechanism_count: 1 }, root)
  expect([queue(5n, 4097).length, queue(5n, 1).length]).toEqual([0, 1])
})

test('the pool refuses a round that is in the past, a stranger and a hurry', () => {
  const pool = (reveal_round: bigint, name = 'commit_timelocked_weights') =>
    validateSubtensorCall(
      world,
      { pallet: 'SubtensorModule', name, args: { ...args(good), mecid: 0, reveal_round } },
      validator,
    )?.code
  world.state.set(drand.LastStoredRound, [], 50n)
  const calls = ['commit_timelocked_weights', 'commit_timelocked_mechanism_weights', 'commit_crv3_mechanism_weights']
  for (const name of calls) expect([49n, 50n].map((at) => pool(at, name))).toEqual([15, undefined])
  expect(commit(good, { reveal_round: 49n })).toBe('InvalidRevealRound')
  world.state.set(storage.WeightsSetRateLimit, [1], 100n)
  expect(pool(50n)).toBe(6)
  world.state.set(storage.StakeThreshold, [], 10n ** 18n)
  expect(pool(49n)).toBe(1)
})

test('weights on a neuron that came after a commit that is still closed do not count', () => {
  world.state.set(storage.Weights, [1, 1], [[0, 65_535]])
  world.state.set(storage.StakeThreshold, [], 0n)
  world.state.set(storage.LastUpdate, [1], [20n, 60n])
  world.state.set(storage.BlockAtRegistration, [1, 0], 50n)
  world.state.set(storage.TotalHotkeyAlpha, [validator, 1], 10n ** 12n)
  const incentive = (): number => {
    world.block = 70
    runEpoch(world, 1, 1_000_000n)
    return world.state.get(storage.Incentive, 1)[0]!
  }
  expect(incentive()).toBeGreaterThan(0)
  world.state.set(storage.TimelockedWeightCommits, [1, 5n], [[validator, 20n, good, 50n]])
  expect(incentive()).toBe(0)
  setEpoch(7n)
  expect(incentive()).toBeGreaterThan(0)
})

test('a commit stays with the hotkey that made it: once that is swapped, nobody can reveal it', () => {
  const { state } = world
  const fresh = account(0x12)
  expect(commit(good)).toBe('ok')
  const cold = state.get(storage.Owner, validator)!
  world.block = 10_000
  fund(world, cold, tao(10))
  const swap = { hotkey: validator, new_hotkey: fresh, netuid: 1, keep_stake: false }
  expect(world.outcome('swap_hotkey_v2', swap, signed(cold))).toBe('ok')
  expect(state.get(storage.Uids, 1, fresh)).toBe(1)
  expect(queue(5n)).toEqual([[validator, 20n, good, 50n]])
  world.events.length = 0
  pulse()
  setEpoch(6n)
  revealTimelockedCommits(world)
  expect([weights(), queue(5n), names()]).toEqual([[], [], []])
})

test('a commit around the point at infinity is dropped, and the blocks go on', () => {
  const hostile = Uint8Array.from(good)
  hostile.fill(0, 0, 96)[0] = 0xc0
  expect(commit(hostile)).toBe('ok')
  pulse()
  setEpoch(6n)
  revealTimelockedCommits(world)
  expect(world.state.has(storage.TimelockedWeightCommits, 1, 5n)).toBe(false)
  expect(names()).not.toContain('WeightsSet')
})
