import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DispatchFailure, type Origin } from '../../../src/localnet/pallet.ts'
import { balances } from '../../../src/localnet/pallets/balances/pallet.ts'
import {
  existentialDeposit,
  freeBalance,
  mint,
  type Survival,
  storage,
  transfer,
} from '../../../src/localnet/pallets/balances.ts'
import { hasReferences, increaseNonce, nonceOf, storage as system } from '../../../src/localnet/pallets/system.ts'
import type { State } from '../../../src/localnet/state.ts'
import { account, emptyWorld, root, signed, type World } from './subtensorWorld.ts'

const [one, two, three] = [account(1), account(2), account(3)]

/** Runs a call of Balances as one extrinsic. @returns the failure's name, or `ok` */
function outcome(world: World, name: string, args: Readonly<Record<string, unknown>>, origin: Origin): string {
  try {
    const run = () => balances.calls[name]!.run({ ...world, origin }, args as never)
    world.state.transaction(run)
    return 'ok'
  } catch (error) {
    if (error instanceof DispatchFailure) return error.message
    throw error
  }
}

const id = (who: string) => ({ type: 'Id', 0: who })
const names = (world: World): string[] => world.events.map(({ name }) => name)

function everybody(state: State): bigint {
  return [...state.entries(system.Account)].reduce((sum, [, { data }]) => sum + data.free, 0n)
}

test('an account is born with the existential deposit and dies below it, its dust burned', () => {
  const world = emptyWorld()
  const { state } = world
  expect(() => mint(world, one, existentialDeposit - 1n)).toThrow('Token.BelowMinimum')
  mint(world, one, 2000n)
  expect(names(world)).toEqual(['NewAccount', 'Endowed', 'Minted'])
  expect(hasReferences(state, one)).toBe(true)
  expect(outcome(world, 'transfer_allow_death', { dest: id(two), value: 499n }, signed(one))).toBe('Token.BelowMinimum')
  world.events.length = 0
  expect(outcome(world, 'transfer_allow_death', { dest: id(two), value: 1501n }, signed(one))).toBe('ok')
  expect(names(world)).toEqual(['KilledAccount', 'DustLost', 'NewAccount', 'Endowed', 'Transfer'])
  expect(state.has(system.Account, one)).toBe(false)
  expect([freeBalance(state, one), freeBalance(state, two), state.get(storage.TotalIssuance)]).toEqual([
    0n,
    1501n,
    1501n,
  ])
})

test('what a transfer may not do', () => {
  const world = emptyWorld()
  mint(world, one, 2000n)
  const keep = (value: bigint) => outcome(world, 'transfer_keep_alive', { dest: id(two), value }, signed(one))
  expect(keep(2001n)).toBe('Token.FundsUnavailable')
  expect(keep(1501n)).toBe('Token.NotExpendable')
  expect(keep(1500n)).toBe('ok')
  const elsewhere = { type: 'Address32', 0: new Uint8Array(32) }
  expect(outcome(world, 'transfer_keep_alive', { dest: elsewhere, value: 1n }, signed(two))).toBe('CannotLookup')
  expect(outcome(world, 'force_transfer', { source: id(two), dest: id(one), value: 1n }, signed(two))).toBe('BadOrigin')
  expect(outcome(world, 'force_transfer', { source: id(two), dest: id(one), value: 1n }, root)).toBe('ok')
  world.events.length = 0
  expect(outcome(world, 'transfer_allow_death', { dest: id(two), value: 1000n }, signed(two))).toBe('ok')
  expect(world.events).toEqual([])
})

test('everything goes, or all but the existential deposit', () => {
  const world = emptyWorld()
  mint(world, one, 3000n)
  expect(outcome(world, 'transfer_all', { dest: id(two), keep_alive: true }, signed(one))).toBe('ok')
  expect([freeBalance(world.state, one), freeBalance(world.state, two)]).toEqual([500n, 2500n])
  expect(outcome(world, 'transfer_all', { dest: id(three), keep_alive: false }, signed(two))).toBe('ok')
  expect([freeBalance(world.state, two), freeBalance(world.state, three)]).toEqual([0n, 2500n])
})

test('a nonce does not keep an account that was never funded alive, nor does it go with being funded', () => {
  const { state, ...world } = emptyWorld()
  increaseNonce(state, one)
  expect([nonceOf(state, one), hasReferences(state, one)]).toEqual([1, false])
  mint({ ...world, state }, one, 500n)
  expect([nonceOf(state, one), hasReferences(state, one)]).toEqual([1, true])
})

const who = fc.constantFrom(one, two, three)
const amount = fc.oneof(fc.bigInt(0n, 1200n), fc.bigInt(0n, 100_000n))
const survival: fc.Arbitrary<Survival> = fc.constantFrom('allowDeath', 'keepAlive')
const step = fc.oneof(
  fc.record({ do: fc.constant('mint' as const), who, amount }),
  fc.record({ do: fc.constant('transfer' as const), who, to: who, amount, survival }),
  fc.record({ do: fc.constant('burn' as const), who, amount, survival }),
  fc.record({ do: fc.constant('set' as const), who, amount }),
)

test('whatever is done, all TAO is somewhere, and no account holds less than the existential deposit', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = emptyWorld()
      const { state } = world
      for (const action of steps) {
        const before = [state.get(storage.TotalIssuance), everybody(state)]
        let result = 'ok'
        if (action.do === 'burn') {
          const args = { value: action.amount, keep_alive: action.survival === 'keepAlive' }
          result = outcome(world, 'burn', args, signed(action.who))
        } else if (action.do === 'set') {
          result = outcome(world, 'force_set_balance', { who: id(action.who), new_free: action.amount }, root)
        } else {
          try {
            if (action.do === 'mint') mint(world, action.who, action.amount)
            else transfer(world, action.who, action.to, action.amount, action.survival)
          } catch (error) {
            if (!(error instanceof DispatchFailure)) throw error
            result = error.message
          }
        }
        expect(state.get(storage.TotalIssuance)).toBe(everybody(state))
        if (result !== 'ok') expect([state.get(storage.TotalIssuance), everybody(state)]).toEqual(before)
        for (const [, { data, providers }] of state.entries(system.Account)) {
          expect(data.free).toBeGreaterThanOrEqual(existentialDeposit)
          expect(providers).toBe(1)
        }
      }
    }),
    { numRuns: 200 },
  )
})
