import type { BlockContext, CallContext, DispatchFailure, Origin } from '../../../src/localnet/pallet.ts'
import { adminUtils } from '../../../src/localnet/pallets/adminUtils.ts'
import { mint } from '../../../src/localnet/pallets/balances.ts'
import { subtensorPallet } from '../../../src/localnet/pallets/subtensor/pallet.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { State } from '../../../src/localnet/state.ts'
import type { Build } from '../../../src/localnet/storage.ts'

/** An account made of one repeated byte. */
export function account(byte: number): AccountId {
  return `0x${byte.toString(16).padStart(2, '0').repeat(32)}`
}

export const tao = (whole: number): bigint => BigInt(whole) * 1_000_000_000n
export const root: Origin = { kind: 'root' }
export const signed = (who: AccountId): Origin => ({ kind: 'signed', account: who })

export interface World extends BlockContext {
  block: number
  /** Names of the events so far, newest last. */
  readonly events: { name: string; fields: Readonly<Record<string, unknown>> }[]
  /** Runs a call of AdminUtils or SubtensorModule as one extrinsic. */
  run(name: string, args: Readonly<Record<string, unknown>>, origin: Origin): void
  /** Name of the error that the call fails with, `ok` where it does not. Leaves no trace where it fails. */
  outcome(name: string, args: Readonly<Record<string, unknown>>, origin: Origin): string
}

const author = account(0xaa)

/** An empty chain at block 10 with nothing but the root network. */
export function emptyWorld(build: Build = 'fast'): World {
  const state = new State({ get: () => undefined, keys: () => [] }, build)
  const events: World['events'] = []
  const world: World = {
    state,
    build,
    block: 10,
    parentHash: account(0),
    author,
    events,
    emit: (event, fields) => {
      events.push({ name: event.name, fields: fields as Readonly<Record<string, unknown>> })
    },
    dispatch: () => {
      throw new Error('no nested calls in this test')
    },
    run(name, args, origin) {
      const definition = adminUtils.calls[name] ?? subtensorPallet.calls[name]
      if (definition === undefined) throw new Error(`no call ${name}`)
      const context: CallContext = { ...world, block: world.block, origin }
      const before = events.length
      try {
        state.transaction(() => definition.run(context, args as never))
      } catch (error) {
        events.length = before
        throw error
      }
    },
    outcome(name, args, origin) {
      try {
        world.run(name, args, origin)
        return 'ok'
      } catch (error) {
        return (error as DispatchFailure).message.replace(/^\w+\./, '')
      }
    },
  }
  state.set(storage.NetworksAdded, [0], true)
  state.set(storage.TotalNetworks, [], 1)
  state.set(storage.Tempo, [0], 100)
  state.set(storage.MaxAllowedUids, [0], 64)
  state.set(storage.TargetRegistrationsPerInterval, [0], 1)
  return world
}

export const owner = account(0x01)
export const ownerHotkey = account(0x02)

/** A world with one subnet, netuid 1, that `owner` registered at block 10 and started; hashed commit-reveal off. */
export function subnetWorld(build: Build = 'fast'): World {
  const world = emptyWorld(build)
  fund(world, owner, tao(10_000))
  world.run('register_network', { hotkey: ownerHotkey }, signed(owner))
  world.run('start_call', { netuid: 1 }, signed(owner))
  world.state.set(storage.CommitRevealWeightsEnabled, [1], false)
  world.state.set(storage.AdminFreezeWindow, [], 0)
  world.events.length = 0
  return world
}

export function fund(world: World, who: AccountId, rao: bigint): void {
  mint(world, who, rao)
}

/** Registers a hotkey with a coldkey of its own and enough money. @returns its uid */
export function registerNeuron(world: World, hotkey: AccountId, coldkey: AccountId = hotkey, netuid = 1): number {
  fund(world, coldkey, tao(200))
  world.run('burned_register', { netuid, hotkey }, signed(coldkey))
  return world.state.get(storage.Uids, netuid, hotkey)!
}
