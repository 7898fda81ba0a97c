import { expect, test } from 'vitest'
import type { EmissionFact } from '../../../src/localnet/emissionFact.ts'
import { type Drained, distribute, type EpochShare } from '../../../src/localnet/pallets/subtensor/distribute.ts'
import { storageIndex } from '../../../src/localnet/pallets/subtensor/mechanisms.ts'
import { runEpoch } from '../../../src/localnet/pallets/subtensor/runEpoch.ts'
import { addToPool } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { account, owner, ownerHotkey, registerNeuron, subnetWorld, tao, type World } from './subtensorWorld.ts'

const netuid = 1
const [first, second] = [account(0x11), account(0x21)]
const coldkeys = new Map([
  [first, account(0x12)],
  [second, account(0x22)],
])

/** Two staked neurons, uid 1 and 2, beside the owner's. */
function stakedWorld(): World {
  const world = subnetWorld()
  for (const [hotkey, coldkey] of coldkeys) {
    registerNeuron(world, hotkey, coldkey)
    addToPool(world.state, hotkey, coldkey, netuid, hotkey === first ? tao(1000) : tao(3000))
  }
  world.state.set(storage.SubnetAlphaOut, [netuid], tao(4000))
  return world
}

const pool = ({ state }: World, hotkey: AccountId): bigint => state.get(storage.TotalHotkeyAlpha, hotkey, netuid)

/** Pays out an epoch. @returns the sums of what was told */
function pay(world: World, shares: readonly EpochShare[], drained: Drained): Record<string, bigint> {
  const facts: EmissionFact[] = []
  distribute({ ...world, record: (fact) => facts.push(fact) }, netuid, shares, drained)
  const sums: Record<string, bigint> = {}
  for (const { kind, amount } of facts) sums[kind] = (sums[kind] ?? 0n) + amount
  const all = Object.values(sums).reduce((sum, amount) => sum + amount, 0n)
  expect(all).toBe(drained.server + drained.validator + drained.root + drained.ownerCut)
  return sums
}

const near = (got: bigint, wanted: bigint): void => {
  expect(got - wanted <= 20n && wanted - got <= 20n, `${got} is not about ${wanted}`).toBe(true)
}

test('incentives are paid as they are, dividends share what has accrued, the owner gets the cut', () => {
  const world = stakedWorld()
  const [one, two, cut] = [pool(world, first), pool(world, second), pool(world, ownerHotkey)]
  const shares = [
    { hotkey: ownerHotkey, incentive: 100n, dividend: 0n },
    { hotkey: first, incentive: 0n, dividend: 5_000n },
    { hotkey: second, incentive: 700n, dividend: 15_000n },
  ]
  const sums = pay(world, shares, { server: 805n, validator: 40_000n, root: 0n, ownerCut: 333n })
  expect(pool(world, ownerHotkey) - cut).toBe(333n)
  near(pool(world, first) - one, 10_000n)
  near(pool(world, second) - two, 30_700n)
  expect(sums.ownerCut).toBe(333n)
  expect(sums.burned).toBe(100n)
  expect(world.state.get(storage.SubnetAlphaOut, netuid)).toBe(tao(4000))
  expect(world.state.get(storage.MinerBurned, netuid)).toBe((100n << 32n) / 800n)
  const { fields } = world.events.find(({ name }) => name === 'IncentiveAlphaEmittedToMiners')!
  expect(fields).toEqual({ netuid, emissions: [100n, 0n, 700n] })
  // What is on record is the part after the delegate's take of 18 %.
  near(world.state.get(storage.AlphaDividendsPerSubnet, netuid, first), 8_200n)
})

test('without incentives validators get everything, and a subnet that recycles takes withheld alpha back', () => {
  const world = stakedWorld()
  const before = pool(world, second)
  const idle = [{ hotkey: second, incentive: 0n, dividend: 1n }]
  expect(pay(world, idle, { server: 600n, validator: 400n, root: 0n, ownerCut: 0n }).burned).toBeUndefined()
  near(pool(world, second) - before, 1000n)
  world.state.set(storage.RecycleOrBurn, [netuid], { type: 'Recycle' })
  const withheld = [{ hotkey: ownerHotkey, incentive: 600n, dividend: 0n }]
  expect(pay(world, withheld, { server: 600n, validator: 0n, root: 0n, ownerCut: 0n }).recycled).toBe(600n)
  expect(world.state.get(storage.SubnetAlphaOut, netuid)).toBe(tao(4000) - 600n)
})

test('a parent gets its part of the child, less the child’s take and what is burned', () => {
  const half = 1n << 63n
  for (const [takeOf65535, burnShare] of [
    [0, 0n],
    [6_554, 0n],
    [6_554, (1n << 64n) / 10n],
  ] as const) {
    const world = stakedWorld()
    const { state } = world
    state.set(storage.ParentKeys, [first, netuid], [[half, second]])
    state.set(storage.ChildKeys, [second, netuid], [[half, first]])
    state.set(storage.ChildkeyTake, [first, netuid], takeOf65535)
    state.set(storage.CKBurn, [], burnShare)
    const [one, two, out] = [pool(world, first), pool(world, second), state.get(storage.SubnetAlphaOut, netuid)]
    const unit = 1_000_000n
    const shares = [{ hotkey: first, incentive: 0n, dividend: unit }]
    const sums = pay(world, shares, { server: 0n, validator: unit, root: 0n, ownerCut: 0n })
    // The parent lent 1500 of 2500: it is entitled to three fifths, of which a tenth each is taken and burned.
    const taken = takeOf65535 === 0 ? 0n : (unit * 6n) / 100n
    const burned = burnShare === 0n ? 0n : (unit * 6n) / 100n
    const entitled = { child: (unit * 4n) / 10n + taken, parent: (unit * 6n) / 10n - taken - burned }
    const sum = entitled.child + entitled.parent
    near(pool(world, first) - one, (unit * entitled.child) / sum)
    near(pool(world, second) - two, (unit * entitled.parent) / sum)
    near(sums.recycled ?? 0n, burned)
    expect(out - state.get(storage.SubnetAlphaOut, netuid)).toBe(sums.recycled ?? 0n)
  }
})

/** Lets uid 1 validate and weigh the others on a mechanism; everybody has been there since block 10. */
function validate(world: World, row: [number, number][], mecid = 0): void {
  const index = storageIndex(netuid, mecid)
  world.state.set(storage.ValidatorPermit, [netuid], [false, true, false])
  world.state.set(storage.Weights, [index, 1], row)
  world.state.set(storage.LastUpdate, [index], [25n, 25n, 25n])
  world.block = 30
}

test('an epoch stores what consensus says and returns what each neuron is entitled to', () => {
  const world = stakedWorld()
  validate(world, [[2, 65_535]])
  const shares = runEpoch(world, netuid, 1_000_000n)
  const { state } = world
  expect(shares.map(({ hotkey }) => hotkey)).toEqual([ownerHotkey, first, second])
  near(shares[2]!.incentive, 500_000n)
  near(shares[1]!.dividend, 500_000n)
  expect(state.get(storage.Incentive, netuid)).toEqual([0, 0, 65_535])
  expect(state.get(storage.Dividends, netuid)).toEqual([0, 65_535, 0])
  // Both have stake, and the owner's hotkey may always validate.
  expect(state.get(storage.ValidatorPermit, netuid)).toEqual([true, true, true])
  expect(state.get(storage.Bonds, netuid, 1).map(([uid]) => uid)).toEqual([2])
  expect(state.get(storage.SubnetOwner, netuid)).toBe(owner)
})

test('every mechanism has its own weights, incentive and share', () => {
  const world = stakedWorld()
  world.state.set(storage.MechanismCountCurrent, [netuid], 2)
  world.state.set(storage.MechanismEmissionSplit, [netuid], [52_428, 13_107])
  validate(world, [[2, 65_535]])
  validate(world, [[0, 65_535]], 1)
  const shares = runEpoch(world, netuid, 1_000_000n)
  expect(world.state.get(storage.Incentive, netuid)).toEqual([0, 0, 65_535])
  expect(world.state.get(storage.Incentive, storageIndex(netuid, 1))).toEqual([65_535, 0, 0])
  near(shares[2]!.incentive, 400_000n)
  near(shares[0]!.incentive, 100_000n)
})

test('weights do not reach a neuron that was registered after they had been committed', () => {
  const incentiveWith = (commitBlock: bigint): number[] => {
    const world = stakedWorld()
    validate(world, [[2, 65_535]])
    world.state.set(storage.CommitRevealWeightsEnabled, [netuid], true)
    world.state.set(storage.BlockAtRegistration, [netuid, 2], 20n)
    world.state.set(storage.LastEpochBlock, [netuid], 30n)
    world.state.set(storage.WeightCommits, [netuid, first], [[account(9), 0n, commitBlock, 0n]])
    runEpoch(world, netuid, 1_000_000n)
    return world.state.get(storage.Incentive, netuid)
  }
  expect(incentiveWith(20n)).toEqual([0, 0, 65_535])
  expect(incentiveWith(19n)).toEqual([0, 0, 0])
})
