import { beforeEach, expect, test } from 'vitest'
import type { DispatchFailure, Origin } from '../../../src/localnet/pallet.ts'
import { storage } from '../../../src/localnet/pallets/commitments/storage.ts'
import { type Data, data } from '../../../src/localnet/pallets/commitments/types.ts'
import { commitments } from '../../../src/localnet/pallets/commitments.ts'
import { storage as drand } from '../../../src/localnet/pallets/drand/storage.ts'
import { storage as subtensor } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { decode, encode } from '../../../src/localnet/scale/types.ts'
import { makeBeaconKey } from '../../../src/timelock/makeBeaconKey.ts'
import { encodeText } from '../../../src/timelock/payloads.ts'
import { randomnessOf, signRound } from '../../../src/timelock/scheme.ts'
import { timelock } from '../../../src/timelock/timelock.ts'
import { account, registerNeuron, root, signed, subnetWorld, type World } from './subtensorWorld.ts'

const hotkey = account(0x11)
const beacon = makeBeaconKey('test')
let world: World

beforeEach(() => {
  world = subnetWorld()
  registerNeuron(world, hotkey)
  world.state.set(subtensor.Tempo, [1], 1000)
  world.state.set(subtensor.SubnetEpochIndex, [1], 5n)
  world.block = 20
  world.events.length = 0
})

function run(name: string, args: object, origin: Origin): string {
  try {
    world.state.transaction(() => commitments.calls[name]!.run({ ...world, block: world.block, origin }, args as never))
    return 'ok'
  } catch (error) {
    return (error as DispatchFailure).message
  }
}

const commit = (fields: Data[], who = hotkey, netuid = 1): string =>
  run('set_commitment', { netuid, info: { fields } }, signed(who))
const raw = (text: string): Data => ({ type: `Raw${text.length}`, 0: Uint8Array.from(Buffer.from(text)) })
const locked = (text: string, round: number): Data => ({
  type: 'TimelockEncrypted',
  encrypted: timelock(encodeText(text), { publicKey: beacon.publicKey, round }),
  reveal_round: BigInt(round),
})
const pulse = (round: number, signedRound = round): void => {
  const signature = signRound(beacon.secret, signedRound)
  world.state.set(drand.Pulses, [BigInt(round)], {
    round: BigInt(round),
    randomness: randomnessOf(signature),
    signature,
  })
}
const reveal = (): void => commitments.onInitialize!(world)
const fieldsOf = (who = hotkey) => world.state.get(storage.CommitmentOf, 1, who)?.info.fields
const revealedOf = (who = hotkey) =>
  (world.state.get(storage.RevealedCommitments, 1, who) ?? []).map(([bytes, block]) => [
    Buffer.from(bytes!.subarray(1)).toString(),
    block,
  ])
const waiting = () => world.state.get(storage.TimelockedIndex)

test('a field says in its first byte what it is', () => {
  const first = (field: Data): [number, number] => {
    const bytes = encode(data, field)
    expect(decode(data, bytes)).toEqual(field)
    return [bytes[0]!, bytes.length]
  }
  expect(first({ type: 'None' })).toEqual([0, 1])
  expect(first({ type: 'Raw0', 0: new Uint8Array() })).toEqual([1, 1])
  expect(first(raw('x'.repeat(128)))).toEqual([129, 129])
  expect(first({ type: 'ShaThree256', 0: new Uint8Array(32) })).toEqual([133, 33])
  expect(first({ type: 'TimelockEncrypted', encrypted: Uint8Array.of(9), reveal_round: 3n })).toEqual([134, 11])
  expect(first({ type: 'ResetBondsFlag' })).toEqual([135, 1])
  expect(first({ type: 'BigRaw', 0: new Uint8Array(512) })).toEqual([136, 515])
  expect(() => encode(data, { type: 'BigRaw', 0: new Uint8Array(513) })).toThrow('at most 512')
  expect(() => encode(data, { type: 'Raw3', 0: new Uint8Array(4) })).toThrow()
})

test('a neuron publishes; a later commitment takes the place of the earlier one', () => {
  expect(commit([raw('a')], account(0x55))).toBe('Commitments.AccountNotAllowedCommit')
  expect(commit([raw('a')], hotkey, 2)).toBe('Commitments.AccountNotAllowedCommit')
  expect(commit([raw('a'), raw('')])).toBe('ok')
  expect(world.state.get(storage.CommitmentOf, 1, hotkey)).toEqual({
    deposit: 0n,
    block: 20,
    info: { fields: [raw('a'), raw('')] },
  })
  world.block = 21
  expect(commit([raw('b')])).toBe('ok')
  expect(fieldsOf()).toEqual([raw('b')])
  expect(world.state.get(storage.LastCommitment, 1, hotkey)).toBe(21)
  expect(world.events).toEqual([0, 1].map(() => ({ name: 'Commitment', fields: { netuid: 1, who: hotkey } })))
})

test('space is counted by epoch, a hundred bytes at the least; root sets how much there is', () => {
  const big: Data = { type: 'BigRaw', 0: new Uint8Array(500) }
  expect(run('set_max_space', { new_limit: 1_250 }, signed(hotkey))).toBe('BadOrigin')
  expect(run('set_max_space', { new_limit: 1_250 }, root)).toBe('ok')
  expect([commit([raw('a')]), commit([big, big]), commit([raw('b')])]).toEqual(['ok', 'ok', 'ok'])
  expect(world.state.get(storage.UsedSpaceOf, 1, hotkey)).toEqual({ last_epoch: 5n, used_space: 1_200n })
  expect(commit([raw('c')])).toBe('Commitments.SpaceLimitExceeded')
  expect(fieldsOf()).toEqual([raw('b')])
  world.state.set(subtensor.SubnetEpochIndex, [1], 6n)
  expect(commit([raw('c')])).toBe('ok')
  expect(world.state.get(storage.UsedSpaceOf, 1, hotkey)).toEqual({ last_epoch: 6n, used_space: 100n })
})

test('the flag that asks for it forgets the bonds towards the neuron, where the subnet allows that', () => {
  const bonds = () => world.state.get(subtensor.Bonds, 1, 0)
  world.state.set(
    subtensor.Bonds,
    [1, 0],
    [
      [0, 5],
      [1, 9],
    ],
  )
  expect(commit([{ type: 'ResetBondsFlag' }])).toBe('ok')
  expect(bonds()).toEqual([
    [0, 5],
    [1, 9],
  ])
  world.state.set(subtensor.BondsResetOn, [1], true)
  world.block = 25
  expect(commit([{ type: 'ResetBondsFlag' }])).toBe('ok')
  expect(bonds()).toEqual([[0, 5]])
  expect(world.state.get(storage.LastBondsReset, 1, hotkey)).toBe(25)
})

test('timelocked fields are published one by one as their rounds come, and gone when none is left', () => {
  expect(commit([locked('late', 60), raw('open'), locked('soon', 50)])).toBe('ok')
  expect(world.events).toEqual([{ name: 'TimelockCommitment', fields: { netuid: 1, who: hotkey, reveal_round: 60n } }])
  expect(waiting()).toEqual([[1, hotkey]])
  reveal()
  expect([revealedOf(), fieldsOf()?.length]).toEqual([[], 3])
  pulse(50)
  world.block = 30
  reveal()
  expect(revealedOf()).toEqual([['soon', 30n]])
  expect(fieldsOf()?.map(({ type }) => type)).toEqual(['TimelockEncrypted', 'Raw4'])
  pulse(60)
  world.block = 31
  reveal()
  expect(revealedOf()).toEqual([
    ['soon', 30n],
    ['late', 31n],
  ])
  expect(fieldsOf()).toEqual([raw('open')])
  expect(waiting()).toEqual([])
  expect(world.events.slice(1).map(({ name }) => name)).toEqual(['CommitmentRevealed', 'CommitmentRevealed'])
  commit([locked('alone', 50)])
  reveal()
  expect(fieldsOf()).toBeUndefined()
  expect(revealedOf()).toHaveLength(3)
})

test('a field that its round does not open is dropped; the ten newest reveals are kept', () => {
  pulse(50)
  for (let i = 0; i < 12; i++) {
    world.block = 40 + i
    world.state.set(subtensor.SubnetEpochIndex, [1], BigInt(10 + i))
    expect(commit([locked(`message ${i}`, 50)])).toBe('ok')
    reveal()
  }
  expect(revealedOf()).toHaveLength(10)
  expect(revealedOf()[0]).toEqual(['message 2', 42n])
  pulse(70, 71)
  expect(commit([locked('never', 70), raw('stays')])).toBe('ok')
  reveal()
  expect([fieldsOf(), revealedOf().length, waiting()]).toEqual([[raw('stays')], 10, []])
})

test('the set of those who wait is in order of subnet and key, and a plain commitment leaves it', () => {
  const earlier = account(0x05)
  registerNeuron(world, earlier)
  commit([locked('a', 60)])
  commit([locked('b', 60)], earlier)
  commit([locked('c', 60)])
  expect(waiting()).toEqual([
    [1, earlier],
    [1, hotkey],
  ])
  commit([raw('plain')], earlier)
  expect(waiting()).toEqual([[1, hotkey]])
})
