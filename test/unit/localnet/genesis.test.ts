import { expect, test } from 'vitest'
import { writeGenesis } from '../../../src/localnet/genesis.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { storage as sudo } from '../../../src/localnet/pallets/sudo.ts'
import { spotPrice } from '../../../src/localnet/pallets/swap.ts'
import { zeroAccount } from '../../../src/localnet/scale/chainTypes.ts'
import { State } from '../../../src/localnet/state.ts'
import { account, emptyWorld, signed, tao } from './subtensorWorld.ts'

const [alice, aliceHotkey, bob] = [account(0xa1), account(0xa2), account(0xb0)]

function genesisState(): State {
  const state = new State({ get: () => undefined, keys: () => [] }, 'fast')
  writeGenesis(state, {
    sudo: alice,
    rootOwner: { coldkey: alice, hotkey: aliceHotkey },
    balances: [
      { account: alice, rao: tao(1_000_000) },
      { account: bob, rao: tao(2000) },
    ],
  })
  return state
}

test('balances and the sudo key', () => {
  const state = genesisState()
  expect(freeBalance(state, alice)).toBe(10n ** 15n)
  expect(freeBalance(state, bob)).toBe(2n * 10n ** 12n)
  expect(state.get(sudo.Key)).toBe(alice)
})

test('all TAO is somewhere, and counted', () => {
  const state = genesisState()
  const everywhere = freeBalance(state, alice) + freeBalance(state, bob) + freeBalance(state, subnetAccount(1))
  expect(state.get(storage.TotalIssuance)).toBe(everywhere)
  expect(freeBalance(state, subnetAccount(1))).toBe(state.get(storage.SubnetTAO, 1))
})

test('the root network', () => {
  const state = genesisState()
  expect(state.get(storage.SubnetworkN, 0)).toBe(0)
  expect(state.get(storage.MaxAllowedUids, 0)).toBe(64)
  expect(state.get(storage.MaxAllowedValidators, 0)).toBe(64)
  expect(state.get(storage.MinAllowedWeights, 0)).toBe(0)
  expect(state.get(storage.Tempo, 0)).toBe(100)
  expect(state.get(storage.TargetRegistrationsPerInterval, 0)).toBe(1)
  expect(state.get(storage.SubnetOwner, 0)).toBe(alice)
  expect(state.get(storage.SubnetOwnerHotkey, 0)).toBe(aliceHotkey)
})

test('both networks have the symbols of their netuids', () => {
  const state = genesisState()
  expect([0, 1].map((netuid) => Buffer.from(state.get(storage.TokenSymbol, netuid)).toString())).toEqual(['Τ', 'α'])
})

test('netuid 1: a small pool, one neuron, defaults, not started', () => {
  const state = genesisState()
  expect(state.get(storage.TotalNetworks)).toBe(2)
  expect(state.get(storage.Keys, 1, 0)).toBe(zeroAccount)
  expect(state.get(storage.Uids, 1, zeroAccount)).toBe(0)
  expect(stakeOf(state, zeroAccount, zeroAccount, 1)).toBe(1_000_000_000n)
  expect([storage.SubnetTAO, storage.SubnetAlphaIn].map((item) => state.get(item, 1))).toEqual([tao(10), tao(10)])
  expect(state.get(storage.SubnetAlphaOut, 1)).toBe(tao(1))
  expect(spotPrice(state, 1)).toBe(1n << 64n)
  expect(state.get(storage.SubnetLocked, 1)).toBe(1n)
  expect(state.get(storage.FirstEmissionBlockNumber, 1)).toBeUndefined()
  expect(state.get(storage.SubtokenEnabled, 1)).toBe(false)
  expect(state.get(storage.MaxAllowedUids, 1)).toBe(256)
  expect(state.get(storage.WeightsSetRateLimit, 1)).toBe(100n)
  expect(state.has(storage.ImmunityPeriod, 1)).toBe(false)
  expect(state.get(storage.SubnetEmissionEnabled, 1)).toBe(true)
})

test('the first subnet that is registered gets netuid 2 at the price of netuid 1', () => {
  const world = emptyWorld()
  writeGenesis(world.state, { sudo: alice, rootOwner: undefined, balances: [{ account: bob, rao: tao(1001) }] })
  world.run('register_network', { hotkey: account(5) }, signed(bob))
  expect(world.state.get(storage.SubnetOwner, 2)).toBe(bob)
  expect(world.state.get(storage.SubnetAlphaIn, 2)).toBe(tao(1000))
})
