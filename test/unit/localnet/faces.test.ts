import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { i64f64, u64f64 } from '../../../src/fixed/fixedFormat.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { readSubnetState } from '../../../src/localnet/apis/subnetInfo/subnetState.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { commitHash } from '../../../src/localnet/pallets/subtensor/commitHash.ts'
import { adjusted, sealOf } from '../../../src/localnet/pallets/subtensor/intervalRegistration.ts'
import { storage393 } from '../../../src/localnet/pallets/subtensor/release393.ts'
import { addToPool, raiseForAll, removeFromPool, stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { flowShares } from '../../../src/localnet/pallets/subtensor/taoFlow.ts'
import { squareRoot, storage393 as swap393 } from '../../../src/localnet/pallets/swap393.ts'
import { face393 } from '../../../src/localnet/release393.ts'
import type { EventRecord } from '../../../src/localnet/runtime.ts'
import { decode, encode, u128 } from '../../../src/localnet/scale/types.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { State } from '../../../src/localnet/state.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { accountOf, alice, bob, signCall } from './signedCall.ts'
import { account, tao } from './subtensorWorld.ts'

const running: Localnet[] = []

async function start(spec: 393 | 424 | 430): Promise<LocalNode> {
  const localnet = await startLocalnet({ port: 0, interval: 'manual', spec })
  running.push(localnet)
  return localnet.node
}

afterEach(async () => {
  for (const localnet of running.splice(0)) await localnet.close()
})

const subtensor = (name: string, args: Record<string, unknown>): Call => ({ pallet: 'SubtensorModule', name, args })
const admin = (name: string, args: Record<string, unknown>): Call => ({ pallet: 'AdminUtils', name, args })
const sudo = (call: Call): Call => ({ pallet: 'Sudo', name: 'sudo', args: { call } })

function eventsOf({ runtime, headState }: LocalNode): EventRecord[] {
  const { prefix } = runtime.pallets[0]!.storage.Events!
  return decode(runtime.eventsType, headState.getRaw(prefix)!)
}

/** Puts a call into the next block. @returns the names of the events of that block, and how its error reads */
async function send(node: LocalNode, pair: KeyPair, call: Call) {
  node.submit(signCall(node, pair, call))
  await node.mine()
  const events = eventsOf(node)
  const failed = events.find(({ event }) => event.name === 'ExtrinsicFailed')
  const error = failed?.event.fields.dispatch_error as { type: string; 0: { index: number; error: Uint8Array } }
  return {
    events: events.map(({ event }) => event.name),
    error: error === undefined ? undefined : node.runtime.errorName(error[0].index, error[0].error[0]!),
    index: error?.[0].error[0],
  }
}

/** A chain with netuid 2, Alice's, started. */
async function startSubnet(spec: 393 | 430): Promise<LocalNode> {
  const node = await start(spec)
  await node.mine()
  await send(node, alice, subtensor('register_network', { hotkey: accountOf(dave) }))
  await send(node, alice, subtensor('start_call', { netuid: 2 }))
  // With a tempo of 10 the owner's window of 10 blocks would never open.
  await send(node, alice, sudo(admin('sudo_set_admin_freeze_window', { window: 0 })))
  return node
}

const dave = await pairFromUri('//Dave')

test('each face has its spec number, its version text and a genesis hash of its own', async () => {
  const nodes = await Promise.all(([393, 424, 430] as const).map(start))
  expect(nodes.map(({ runtime }) => runtime.version.specVersion)).toEqual([393, 424, 430])
  expect(nodes.map(({ identity }) => identity.version.split('-').at(-1))).toEqual(['spec393', 'spec424', 'spec430'])
  expect(new Set(nodes.map(({ genesisHash }) => genesisHash)).size).toBe(3)
})

test('a face that there is not is refused by name', async () => {
  await expect(startLocalnet({ port: 0, spec: 400 as 393 })).rejects.toMatchObject({
    failure: { field: 'spec' },
    mend: 'give one of 393, 424, 430',
  })
})

test('one error has two indices, and reads the same on both faces', async () => {
  const call = subtensor('start_call', { netuid: 9 })
  const [april, july] = [await start(393), await start(430)]
  expect(await send(april, bob, call)).toMatchObject({ error: 'SubtensorModule.SubnetNotExists', index: 75 })
  expect(await send(july, bob, call)).toMatchObject({ error: 'SubtensorModule.SubnetNotExists', index: 76 })
  // Through other calls too.
  const batch: Call = { pallet: 'Utility', name: 'batch_all', args: { calls: [call] } }
  expect(await send(april, bob, batch)).toMatchObject({ error: 'SubtensorModule.SubnetNotExists', index: 75 })
})

test('what a release does not have is neither kept nor called', async () => {
  const [april, july] = [await startSubnet(393), await startSubnet(430)]
  const kept = ({ headState }: LocalNode) => headState.getRaw(storageKey(storage.SubnetEmissionEnabled, [2]))
  expect([kept(april), kept(july)]).toEqual([undefined, Uint8Array.of(0)])
  const call = subtensor('set_tempo', { netuid: 2, tempo: 400 })
  expect(() => signCall(april, alice, call)).toThrow(/no call SubtensorModule.set_tempo/)
  expect(signCall(july, alice, call).length).toBeGreaterThan(0)
  for (const key of april.headState.keysRaw('0x')) {
    if (key !== `0x${Buffer.from(':code').toString('hex')}`) expect(april.runtime.itemByKey(key)).toBeDefined()
  }
})

describe('release 393', () => {
  test('runs an epoch where (block + netuid + 1) mod (tempo + 1) is tempo', async () => {
    const node = await startSubnet(393)
    const ran: number[] = []
    for (let i = 0; i < 40; i++) {
      const before = node.headState.get(storage.LastMechansimStepBlock, 2)
      const { number } = await node.mine()
      if (node.headState.get(storage.LastMechansimStepBlock, 2) !== before) ran.push(number)
    }
    const from = node.head.header.number - 39
    const expected = Array.from({ length: 40 }, (_, i) => from + i).filter((block) => (block + 3) % 11 === 10)
    expect(ran).toEqual(expected)
    expect(ran.length).toBeGreaterThanOrEqual(3)
  })

  test('keeps rank, trust and pruning score of each uid, which later releases say nothing of', async () => {
    const node = await startSubnet(393)
    const { Rank, Trust, PruningScores } = storage393
    const scores = () => [Rank, Trust, PruningScores].map((item) => node.headState.get(item, 2))
    await send(node, bob, subtensor('burned_register', { netuid: 2, hotkey: accountOf(bob) }))
    expect(scores()).toEqual([[0, 0], [0, 0], expect.any(Array)])
    expect([Rank, Trust, PruningScores].map((item) => node.headState.get(item, 1))).toEqual([[0], [0], [0]])
    // The first epoch gives the owner its cut. Nobody set weights: in the second, stake alone counts, and that is all there is.
    for (let i = 0; i < 22; i++) await node.mine()
    expect(scores()).toEqual([
      [0, 0],
      [0, 0],
      [65_535, 0],
    ])
    expect(readSubnetState(node.headState, 2)).toMatchObject({
      rank: [0, 0],
      trust: [0, 0],
      pruning_score: [65_535, 0],
    })
    const july = await startSubnet(430)
    expect(july.headState.getRaw(storageKey(PruningScores, [2]))).toBeUndefined()
    expect(readSubnetState(july.headState, 2)).toMatchObject({ rank: [], trust: [], pruning_score: [] })
  })

  test('begins a pool with the least lock cost at price 1, and a registration leaves the price for the interval', async () => {
    const node = await startSubnet(393)
    const { headState: state } = node
    expect([state.get(storage.SubnetTAO, 2), state.get(storage.SubnetAlphaIn, 2)]).toEqual([tao(1000), tao(1000)])
    expect(state.get(storage.Burn, 2)).toBe(100_000_000n)
    const { events } = await send(node, bob, subtensor('burned_register', { netuid: 2, hotkey: accountOf(bob) }))
    expect(events).toContain('NeuronRegistered')
    expect(node.headState.get(storage.Burn, 2)).toBe(100_000_000n)
    expect(node.headState.get(storage393.BurnRegistrationsThisInterval, 2)).toBe(1)
    expect(node.headState.get(storage.RegistrationsThisInterval, 2)).toBe(1)
    // The swap that paid for it wrote down the pool's price.
    const [pool, root] = [node.headState.get(storage.SubnetTAO, 2), node.headState.get(swap393.AlphaSqrtPrice, 2)]
    const price = (pool << 64n) / node.headState.get(storage.SubnetAlphaIn, 2)
    expect(Number((root * root) >> 64n) / Number(price)).toBeCloseTo(1, 9)
  })

  test('takes a neuron for work, once, from its hotkey alone', async () => {
    const node = await startSubnet(393)
    await send(node, alice, sudo(admin('sudo_set_difficulty', { netuid: 2, difficulty: 4n })))
    const hotkey = accountOf(bob)
    const { number, hash } = await node.mine()
    const proofs = Array.from({ length: 200 }, (_, nonce) => sealOf(BigInt(nonce), hash, hotkey))
    const isGood = (seal: Uint8Array) => seal.at(-1)! < 64
    const call = (nonce: number, work: Uint8Array, coldkey = account(7)) =>
      subtensor('register', { netuid: 2, block_number: BigInt(number), nonce: BigInt(nonce), work, hotkey, coldkey })
    const [good, bad] = [proofs.findIndex(isGood), proofs.findIndex((seal) => !isGood(seal))]
    expect((await send(node, alice, call(good, proofs[good]!))).error).toMatch(/TransactorAccountShouldBeHotKey$/)
    expect((await send(node, bob, call(bad, proofs[bad]!))).error).toBe('SubtensorModule.InvalidDifficulty')
    // Three blocks after the work's own it is too old.
    expect((await send(node, bob, call(good, proofs[good]!))).error).toBe('SubtensorModule.InvalidWorkBlock')
    const fresh = await node.mine()
    const nonce = Array.from({ length: 200 }, (_, i) => sealOf(BigInt(i), fresh.hash, hotkey)).findIndex(isGood)
    const again = (nonceSaid: number) =>
      subtensor('register', {
        netuid: 2,
        block_number: BigInt(fresh.number),
        nonce: BigInt(nonceSaid),
        work: sealOf(BigInt(nonce), fresh.hash, hotkey),
        hotkey,
        coldkey: account(7),
      })
    expect((await send(node, bob, again(nonce + 1))).error).toBe('SubtensorModule.InvalidSeal')
    expect((await send(node, bob, again(nonce))).events).toContain('NeuronRegistered')
    expect(node.headState.get(storage.Owner, hotkey)).toBe(account(7))
    expect(node.headState.get(storage393.POWRegistrationsThisInterval, 2)).toBe(1)
  })

  test('the pool turns registrations away when the interval is full', async () => {
    const node = await startSubnet(393)
    await send(
      node,
      alice,
      sudo(admin('sudo_set_max_registrations_per_block', { netuid: 2, max_registrations_per_block: 9 })),
    )
    for (let i = 1; i <= 3; i++) {
      const { events } = await send(node, bob, subtensor('burned_register', { netuid: 2, hotkey: account(i) }))
      expect(events).toContain('NeuronRegistered')
    }
    const fourth = subtensor('burned_register', { netuid: 2, hotkey: account(4) })
    expect(() => node.submit(signCall(node, bob, fourth))).toThrow(/Custom error: 6|1010/)
  })

  test('keeps first and last block of a reveal with a commit, and holds to them', async () => {
    const node = await startSubnet(393)
    const hotkey = accountOf(dave)
    const opened = { uids: [0], values: [65_535], salt: [1, 2], versionKey: 0n }
    const hash = commitHash(hotkey, 2, opened)
    const { number } = node.head.header
    const commit = subtensor('commit_weights', { netuid: 2, commit_hash: hash })
    await send(node, alice, sudo(admin('sudo_set_weights_set_rate_limit', { netuid: 2, weights_set_rate_limit: 0n })))
    expect((await send(node, dave, commit)).events).toContain('WeightsCommitted')
    const [entry] = node.headState.get(storage.WeightCommits, 2, hotkey)!
    const epoch = Math.floor((number + 2 + 3) / 11)
    expect(entry).toEqual([hash, BigInt(number + 2), BigInt((epoch + 1) * 11 - 3), BigInt((epoch + 1) * 11 + 7)])
    const { versionKey: version_key, ...rest } = opened
    const reveal = subtensor('reveal_weights', { netuid: 2, ...rest, version_key })
    expect(() => node.submit(signCall(node, dave, reveal))).toThrow(/Custom error: 17|1010/)
    await node.mine(Number(entry![2]) - node.head.header.number - 1)
    expect((await send(node, dave, reveal)).events).toContain('WeightsRevealed')
    expect(node.headState.get(storage.Weights, 2, 0)).toEqual([[0, 65_535]])
  })

  test('what a network costs above its pool is recycled', async () => {
    const node = await startSubnet(393)
    await node.mine()
    const issued = () => node.headState.get(storage.TotalIssuance)
    const before = issued()
    const { events } = await send(node, alice, subtensor('register_network', { hotkey: account(0x31) }))
    expect(events).toContain('NetworkAdded')
    const { headState: state } = node
    const locked = state.get(storage.SubnetLocked, 3)
    expect(locked).toBeGreaterThan(tao(1000))
    expect(state.get(storage.SubnetTAO, 3)).toBe(tao(1000))
    expect(freeBalance(state, subnetAccount(3))).toBe(tao(1000))
    expect(before - issued()).toBeGreaterThanOrEqual(locked - tao(1000) - tao(1))
  })

  test('lets no stake leave in the block that it came in', async () => {
    const node = await startSubnet(393)
    const there = { hotkey: accountOf(dave), netuid: 2 }
    const stake = subtensor('add_stake', { ...there, amount_staked: tao(10) })
    const unstake = subtensor('remove_stake', { ...there, amount_unstaked: tao(1) })
    const move = subtensor('move_stake', {
      origin_hotkey: accountOf(dave),
      destination_hotkey: accountOf(bob),
      origin_netuid: 2,
      destination_netuid: 2,
      alpha_amount: tao(1),
    })
    const all = (...calls: Call[]): Call => ({ pallet: 'Utility', name: 'batch_all', args: { calls } })
    await send(node, bob, subtensor('burned_register', { netuid: 2, hotkey: accountOf(bob) }))
    const tooSoon = 'SubtensorModule.StakingOperationRateLimitExceeded'
    expect(await send(node, bob, all(stake, unstake))).toMatchObject({ error: tooSoon, index: 98 })
    expect((await send(node, bob, all(stake, move))).error).toBe(tooSoon)
    expect((await send(node, bob, stake)).error).toBeUndefined()
    expect((await send(node, bob, all(unstake, move))).error).toBeUndefined()
    const july = await startSubnet(430)
    expect((await send(july, bob, all(stake, unstake))).error).toBeUndefined()
  })

  test('the pool lets only the owner stake and burn, and says nothing of commits that come too soon', async () => {
    const node = await startSubnet(393)
    const burn = subtensor('add_stake_burn', { hotkey: accountOf(dave), netuid: 2, amount: tao(1), limit: undefined })
    expect(() => node.submit(signCall(node, bob, burn))).toThrow(/Invalid signing address/)
    expect((await send(node, alice, burn)).error).toBeUndefined()
    const commit = subtensor('commit_timelocked_weights', {
      netuid: 2,
      commit: new Uint8Array(300),
      reveal_round: 1n << 40n,
      commit_reveal_version: 4,
    })
    await send(node, alice, sudo(admin('sudo_set_weights_set_rate_limit', { netuid: 2, weights_set_rate_limit: 50n })))
    await node.mine(60)
    expect((await send(node, dave, commit)).error).toBeUndefined()
    expect((await send(node, dave, commit)).error).toBe('SubtensorModule.CommittingWeightsTooFast')
  })

  test('a batch item that fails is told by its error alone', async () => {
    const node = await startSubnet(393)
    const batch = subtensor('batch_set_weights', { netuids: [2], weights: [[[0, 1]]], version_keys: [0n] })
    const { events } = await send(node, dave, batch)
    expect(events).toContain('BatchWeightItemFailed')
    const { event } = eventsOf(node).find(({ event }) => event.name === 'BatchWeightItemFailed')!
    const [error] = Object.values(event.fields) as { 0: { index: number; error: Uint8Array } }[]
    expect(node.runtime.errorName(error![0].index, error![0].error[0]!)).toBe('SubtensorModule.CommitRevealEnabled')
    expect(Object.keys(event.fields)).toEqual(['0'])
  })
})

test('shares in fixed point give each staker what it put in, and its part of what was earned', () => {
  const amount = fc.bigInt(1n, 10n ** 15n)
  fc.assert(
    fc.property(amount, amount, amount, (mine, yours, earned) => {
      const state = new State({ get: () => undefined, keys: () => [] }, 'fast', face393)
      const [hotkey, me, you] = [account(1), account(2), account(3)]
      addToPool(state, hotkey, me, 2, mine)
      addToPool(state, hotkey, you, 2, yours)
      expect(state.getRaw(storageKey(storage393.Alpha, [hotkey, me, 2]))).toEqual(encode(u128, mine << 64n))
      expect(state.getRaw(storageKey(storage.AlphaV2, [hotkey, me, 2]))).toBeUndefined()
      raiseForAll(state, hotkey, 2, earned)
      const got = stakeOf(state, hotkey, me, 2)
      const fair = mine + (earned * mine) / (mine + yours)
      expect(got <= fair + 1n && got >= fair - 1n).toBe(true)
      expect(stakeOf(state, hotkey, you, 2) + got <= mine + yours + earned).toBe(true)
      removeFromPool(state, hotkey, me, 2, got)
      expect(state.has(storage393.Alpha, hotkey, me, 2)).toBe(false)
    }),
  )
})

test('the price of an interval moves by who came in, smoothed, within its bounds', () => {
  const [low, high] = [
    { min: 1n, max: 10_000n },
    { min: 900n, max: 1_100n },
  ]
  const half = 1n << 63n
  expect(adjusted(1_000n, { count: 2, target: 2, alpha: 0n }, low)).toBe(1_000n)
  expect(adjusted(1_000n, { count: 6, target: 2, alpha: 0n }, low)).toBe(2_000n)
  expect(adjusted(1_000n, { count: 0, target: 2, alpha: 0n }, low)).toBe(500n)
  expect(adjusted(1_000n, { count: 0, target: 2, alpha: half }, low)).toBe(750n)
  expect(adjusted(1_000n, { count: 6, target: 2, alpha: 0n }, high)).toBe(1_100n)
  expect(adjusted(1_000n, { count: 0, target: 2, alpha: 0n }, high)).toBe(900n)
  expect(adjusted(1_000n, { count: 5, target: 0, alpha: 0n }, low)).toBe(1_000n)
})

test('shares by TAO flow: above the lowest or the cutoff, adding up to 1', () => {
  const one = i64f64.one
  const shares = (flows: number[], cutoff = 0) =>
    flowShares(
      flows.map((flow) => BigInt(flow) * one),
      BigInt(cutoff) * one,
    )
  const parts = (raw: bigint[]) => raw.map((share) => Number(share) / Number(u64f64.one))
  expect(parts(shares([3, 1]))).toEqual([0.75, 0.25])
  expect(parts(shares([3, -1], -5))).toEqual([1, 0])
  expect(parts(shares([3, 1, -4], -2))).toEqual([0.625, 0.375, 0])
  expect(parts(shares([3, -1]))).toEqual([1, 0])
  expect(parts(shares([0, 0]))).toEqual([0, 0])
})

test('square roots are the largest integers whose square is not more', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 200n), (value) => {
      const root = squareRoot(value)
      expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true)
    }),
  )
})
