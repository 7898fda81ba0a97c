import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commitHash } from '../../../src/localnet/pallets/subtensor/commitHash.ts'
import { epochIndexAt, isEpochDue } from '../../../src/localnet/pallets/subtensor/epochTiming.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { validateSubtensorCall } from '../../../src/localnet/pallets/subtensor/validate.ts'
import { account, registerNeuron, signed, subnetWorld, type World } from './subtensorWorld.ts'

const { manual_commit: vector } = JSON.parse(
  readFileSync(new URL('../../vectors/commit-reveal/manual-commit.json', import.meta.url), 'utf8'),
)

test.each(vector.cases as { mechanism: number; netuid: number; hash: string }[])(
  'commit hash, mechanism $mechanism',
  (c) => {
    const { uids, values, salt, version_key } = vector
    const reveal = { uids, values, salt, versionKey: BigInt(version_key) }
    expect(commitHash(vector.account, c.mechanism * 4096 + c.netuid, reveal)).toBe(c.hash)
  },
)

test('reveal blocks of the vectors follow from the epoch clock', () => {
  const cases = [
    { last: 10, pending: 0, index: 0, tempo: 50, since: 0, head: 10, period: 1, reveal: 60 },
    { last: 80, pending: 95, index: 0, tempo: 20, since: 0, head: 91, period: 1, reveal: 95 },
    { last: 1000, pending: 0, index: 7, tempo: 360, since: 100, head: 1100, period: 3, reveal: 2080 },
    { last: 1000, pending: 0, index: 7, tempo: 360, since: 359, head: 1359, period: 1, reveal: 1720 },
  ]
  for (const c of cases) {
    const { state } = subnetWorld()
    state.set(storage.Tempo, [1], c.tempo)
    state.set(storage.LastEpochBlock, [1], BigInt(c.last))
    state.set(storage.PendingEpochAt, [1], BigInt(c.pending))
    state.set(storage.SubnetEpochIndex, [1], BigInt(c.index))
    state.set(storage.BlocksSinceLastStep, [1], BigInt(c.since))
    const target = epochIndexAt(state, 1, c.head + 1) + BigInt(c.period)
    let block = c.head + 1
    while (epochIndexAt(state, 1, block) < target) {
      state.update(storage.BlocksSinceLastStep, [1], (blocks) => blocks + 1n)
      if (isEpochDue(state, 1, block)) {
        state.set(storage.LastEpochBlock, [1], BigInt(block))
        state.set(storage.PendingEpochAt, [1], 0n)
        state.set(storage.BlocksSinceLastStep, [1], 0n)
        state.update(storage.SubnetEpochIndex, [1], (index) => index + 1n)
      }
      block++
    }
    expect(block).toBe(c.reveal)
  }
})

const validator = account(0x11)
const opened = { uids: [0], values: [7], salt: [1, 2], versionKey: 0n }
const revealArgs = { netuid: 1, uids: [0], values: [7], salt: [1, 2], version_key: 0n }
const hash = commitHash(validator, 1, opened)

/** Commit-reveal on, no rate limit, epoch index 5 with the next epoch far away. */
function commitWorld(): World {
  const world = subnetWorld()
  registerNeuron(world, validator)
  world.state.set(storage.CommitRevealWeightsEnabled, [1], true)
  world.state.set(storage.WeightsSetRateLimit, [1], 0n)
  world.state.set(storage.ValidatorPermit, [1], [false, true])
  world.state.set(storage.Tempo, [1], 1000)
  world.state.set(storage.SubnetEpochIndex, [1], 5n)
  world.block = 20
  world.events.length = 0
  return world
}

const setEpoch = (world: World, index: bigint) => world.state.set(storage.SubnetEpochIndex, [1], index)
const commits = (world: World) => world.state.get(storage.WeightCommits, 1, validator)

test('commit, then reveal exactly one epoch later', () => {
  const world = commitWorld()
  world.run('commit_weights', { netuid: 1, commit_hash: hash }, signed(validator))
  expect(commits(world)).toEqual([[hash, 5n, 20n, 0n]])
  expect(world.state.get(storage.LastUpdate, 1)[1]).toBe(20n)
  expect(world.events).toEqual([{ name: 'WeightsCommitted', fields: { 0: validator, 1: 1, 2: hash } }])
  expect(world.outcome('reveal_weights', revealArgs, signed(validator))).toBe('RevealTooEarly')
  setEpoch(world, 6n)
  world.block = 40
  world.run('reveal_weights', revealArgs, signed(validator))
  expect(world.state.get(storage.Weights, 1, 1)).toEqual([[0, 65535]])
  // The commit has counted as the update, not the reveal.
  expect(world.state.get(storage.LastUpdate, 1)[1]).toBe(20n)
  expect(world.state.has(storage.WeightCommits, 1, validator)).toBe(false)
  expect(world.events.slice(1).map((event) => event.name)).toEqual(['WeightsSet', 'WeightsRevealed'])
})

test('a commit in the block of a due but deferred epoch belongs to the next one', () => {
  const world = commitWorld()
  world.state.set(storage.PendingEpochAt, [1], 20n)
  world.run('commit_weights', { netuid: 1, commit_hash: hash }, signed(validator))
  expect(commits(world)).toEqual([[hash, 6n, 20n, 0n]])
})

test('commit fails in the order of its checks', () => {
  const world = commitWorld()
  const { state } = world
  const commit = (netuid: number, mecid: number) =>
    world.outcome('commit_mechanism_weights', { netuid, mecid, commit_hash: hash }, signed(validator))
  state.set(storage.CommitRevealWeightsEnabled, [1], false)
  state.remove(storage.Uids, 1, validator)
  expect(commit(9, 0)).toBe('MechanismDoesNotExist')
  expect(commit(1, 1)).toBe('MechanismDoesNotExist')
  expect(commit(1, 0)).toBe('CommitRevealDisabled')
  state.set(storage.CommitRevealWeightsEnabled, [1], true)
  expect(commit(1, 0)).toBe('HotKeyNotRegisteredInSubNet')
  state.set(storage.Uids, [1, validator], 1)
  state.set(storage.WeightsSetRateLimit, [1], 100n)
  expect(commit(1, 0)).toBe('CommittingWeightsTooFast')
  state.set(storage.WeightsSetRateLimit, [1], 0n)
  for (let i = 0; i < 10; i++) expect(commit(1, 0)).toBe('ok')
  expect(commit(1, 0)).toBe('TooManyUnrevealedCommits')
  // Expired ones make room again.
  setEpoch(world, 7n)
  expect(commit(1, 0)).toBe('ok')
  expect(commits(world)).toHaveLength(1)
})

test('what the pool says of a reveal, and what a dispatch says', () => {
  const world = commitWorld()
  const pool = () =>
    validateSubtensorCall(world, { pallet: 'SubtensorModule', name: 'reveal_weights', args: revealArgs }, validator)
      ?.code
  expect(pool()).toBe(16)
  world.run(
    'commit_weights',
    { netuid: 1, commit_hash: commitHash(validator, 1, { ...opened, salt: [9] }) },
    signed(validator),
  )
  expect(pool()).toBe(16)
  world.run('commit_weights', { netuid: 1, commit_hash: hash }, signed(validator))
  expect(pool()).toBe(17)
  setEpoch(world, 6n)
  expect(pool()).toBeUndefined()
  setEpoch(world, 7n)
  expect(pool()).toBe(17)
  const lists = { netuid: 1, uids_list: [[0]], values_list: [[7]], salts_list: [], version_keys: [0n] }
  const call = { pallet: 'SubtensorModule', name: 'batch_reveal_weights', args: lists }
  expect(validateSubtensorCall(world, call, validator)?.code).toBe(18)
})

test('revealing a later commit discards the earlier ones', () => {
  const world = commitWorld()
  for (const salt of [[1], [2], [3]]) {
    world.run(
      'commit_weights',
      { netuid: 1, commit_hash: commitHash(validator, 1, { ...opened, salt }) },
      signed(validator),
    )
  }
  setEpoch(world, 6n)
  world.run('reveal_weights', { ...revealArgs, salt: [2] }, signed(validator))
  expect(commits(world)).toHaveLength(1)
  expect(world.outcome('reveal_weights', { ...revealArgs, salt: [1] }, signed(validator))).toBe('NoWeightsCommitFound')
  expect(world.outcome('reveal_weights', { ...revealArgs, salt: [3] }, signed(validator))).toBe('ok')
})

test('a reveal whose weights are refused leaves the commit in place', () => {
  const world = commitWorld()
  world.run('commit_weights', { netuid: 1, commit_hash: hash }, signed(validator))
  setEpoch(world, 6n)
  world.state.set(storage.ValidatorPermit, [1], [false, false])
  expect(world.outcome('reveal_weights', revealArgs, signed(validator))).toBe('NeuronNoValidatorPermit')
  expect(commits(world)).toHaveLength(1)
})

test('batches: all reveals or none, commits each on its own', () => {
  const world = commitWorld()
  const salts = [[1], [2]]
  const commit_hashes = salts.map((salt) => commitHash(validator, 1, { ...opened, salt }))
  world.run('batch_commit_weights', { netuids: [1, 1, 9], commit_hashes: [...commit_hashes, hash] }, signed(validator))
  expect(commits(world)).toHaveLength(2)
  expect(world.events.map((event) => event.name)).toEqual([
    'WeightsCommitted',
    'WeightsCommitted',
    'BatchCompletedWithErrors',
    'BatchWeightItemFailed',
    'BatchWeightsCompleted',
  ])
  const lists = { netuid: 1, uids_list: [[0], [0]], values_list: [[7], [7]], salts_list: salts, version_keys: [0n, 0n] }
  expect(world.outcome('batch_reveal_weights', lists, signed(validator))).toBe('RevealTooEarly')
  setEpoch(world, 6n)
  expect(world.outcome('batch_reveal_weights', { ...lists, netuid: 9 }, signed(validator))).not.toBe('ok')
  expect(world.outcome('batch_reveal_weights', { ...lists, salts_list: [[1], [8]] }, signed(validator))).toBe(
    'NoWeightsCommitFound',
  )
  world.run('batch_reveal_weights', lists, signed(validator))
  expect(world.events.at(-1)).toEqual({
    name: 'WeightsBatchRevealed',
    fields: { 0: validator, 1: 1, 2: commit_hashes },
  })
  expect(world.state.has(storage.WeightCommits, 1, validator)).toBe(false)
})
