import { callRuntime } from '../../../../src/localnet/callRuntime.ts'
import { localnetRuntime } from '../../../../src/localnet/localnetRuntime.ts'
import { createHotkey } from '../../../../src/localnet/pallets/subtensor/hotkeys.ts'
import { storageIndex } from '../../../../src/localnet/pallets/subtensor/mechanisms.ts'
import { storage } from '../../../../src/localnet/pallets/subtensor/storage.ts'
import { appendNeuron } from '../../../../src/localnet/pallets/subtensor/uids.ts'
import { storage as system } from '../../../../src/localnet/pallets/system.ts'
import type { AccountId } from '../../../../src/localnet/scale/chainTypes.ts'
import type { State } from '../../../../src/localnet/state.ts'
import {
  account,
  fund,
  owner,
  ownerHotkey,
  registerNeuron,
  signed,
  subnetWorld,
  tao,
  type World,
} from '../subtensorWorld.ts'
import { camelCased, polkadotDecoder } from './polkadotDecoder.ts'
import { decodeReal, type Plain, realMethods } from './realLayout.ts'

export const runtime = localnetRuntime('fast')
const polkadot = polkadotDecoder(runtime)

/** SCALE of an answer. */
export function answerOf(state: State, method: string, ...args: readonly unknown[]): Uint8Array {
  return callRuntime({ runtime, state }, method, polkadot.encode(method, args))
}

/** An answer as the real chain's field order reads it and as the served metadata does, names in camel case in both. */
export function readBoth(
  state: State,
  method: string,
  ...args: readonly unknown[]
): { layout: Plain; metadata: Plain } {
  const answer = answerOf(state, method, ...args)
  const layout = camelCased(decodeReal(realMethods.get(method)!.output, answer))
  return { layout, metadata: polkadot.decode(method, answer) }
}

/** An answer as the real chain's field order reads it. */
export function ask(state: State, method: string, ...args: readonly unknown[]): Plain {
  return decodeReal(realMethods.get(method)!.output, answerOf(state, method, ...args))
}

export const miner = account(0x11)
export const validator = account(0x12)
export const nominator = account(0x13)
export const stranger = account(0x7f)

const text = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words))

/**
 * Two started subnets and root: on subnet 1 owner (uid 0), miner (1) and validator (2), two mechanisms, weights, bonds,
 * an identity and stakes of three coldkeys; the validator also on root, with the miner as its child.
 */
export function apiWorld(): World {
  const world = subnetWorld()
  const { state } = world
  registerNeuron(world, miner)
  registerNeuron(world, validator)
  fund(world, owner, tao(10_000))
  world.run('register_network', { hotkey: account(0x05) }, signed(owner))
  world.run('start_call', { netuid: 2 }, signed(owner))
  state.set(storage.SubtokenEnabled, [0], true)
  world.run('root_register', { hotkey: validator }, signed(validator))
  fund(world, nominator, tao(1_000))
  const stake = (coldkey: AccountId, hotkey: AccountId, netuid: number, whole: number): void => {
    world.run('add_stake', { hotkey, netuid, amount_staked: tao(whole) }, signed(coldkey))
  }
  stake(validator, validator, 1, 100)
  stake(nominator, validator, 1, 40)
  stake(nominator, validator, 0, 25)
  stake(nominator, account(0x05), 2, 10)
  describe(state)
  state.set(system.Number, [], world.block)
  return world
}

function describe(state: State): void {
  const half = 1n << 63n
  state.set(storage.ChildKeys, [validator, 1], [[half, miner]])
  state.set(storage.ParentKeys, [miner, 1], [[half, validator]])
  state.set(storage.MechanismCountCurrent, [1], 2)
  state.set(storage.LastUpdate, [storageIndex(1, 1)], [7n, 8n, 9n])
  state.set(storage.Incentive, [storageIndex(1, 1)], [1, 2, 3])
  state.set(
    storage.Weights,
    [1, 2],
    [
      [1, 65_535],
      [0, 0],
      [2, 70],
    ],
  )
  state.set(
    storage.Bonds,
    [1, 2],
    [
      [0, 0],
      [1, 300],
    ],
  )
  state.set(storage.ValidatorPermit, [1], [true, false, true])
  state.set(storage.Emission, [1], [100n, 5_000_000_000n, 3_000_000_000n])
  state.set(storage.Incentive, [1], [0, 65_535, 0])
  state.set(storage.Dividends, [1], [0, 0, 65_535])
  state.set(storage.AlphaDividendsPerSubnet, [1, validator], 77n)
  state.set(storage.SubnetMovingPrice, [1], 3n << 31n)
  state.set(storage.AutoStakeDestination, [nominator, 1], validator)
  state.set(storage.PendingEpochAt, [2], 13n)
  const names = { github_repo: text('g'), description: text('d') }
  state.set(storage.IdentitiesV2, [miner], {
    ...names,
    name: text('Mia'),
    url: text('u'),
    image: text('i'),
    discord: text('x'),
    additional: text('a'),
  })
  state.set(storage.SubnetIdentitiesV3, [1], {
    ...names,
    subnet_name: text('law Ω'),
    subnet_contact: text('c'),
    subnet_url: text('u'),
    discord: text('x'),
    logo_url: text('l'),
    additional: text('a'),
  })
  const endpoint = { block: 9n, version: 3, ip: 0x0102_0304n, port: 8091, ip_type: 4 }
  state.set(storage.Axons, [1, miner], { ...endpoint, protocol: 1, placeholder1: 5, placeholder2: 6 })
  state.set(storage.Prometheus, [1, miner], endpoint)
}

/** Gives subnet 2 all of its 256 neurons. */
export function fillSubnet(world: World): void {
  const { state } = world
  for (let uid = state.get(storage.SubnetworkN, 2); uid < 256; uid++) {
    const hotkey: AccountId = `0x${(0x10_0000 + uid).toString(16).padStart(64, '0')}`
    createHotkey(state, owner, hotkey)
    appendNeuron(state, 2, hotkey, world.block)
  }
}

export { account, owner, ownerHotkey, tao }
