import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DispatchFailure, type Origin } from '../../../src/localnet/pallet.ts'
import { balances } from '../../../src/localnet/pallets/balances/pallet.ts'
import {
  existentialDeposit,
  freeBalance,
  mint,
  reserve,
  reservedBalance,
  type Survival,
  spendable,
  storage,
  transfer,
  unreserve,
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
  return [...state.entries(system.Account)].reduce((sum, [, { data }]) => sum + data.free + data.reserved, 0n)
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

test("a deposit stays the account's, cannot be spent, and keeps the account alive", () => {
  const world = emptyWorld()
  const { state } = world
  mint(world, one, 3000n)
  world.events.length = 0
  expect(() => reserve(world, one, 3001n)).toThrow('Balances.InsufficientBalance')
  expect(() => reserve(world, one, 2501n)).toThrow('ConsumerRemaining')
  expect(() => reserve(world, two, 0n)).not.toThrow()
  reserve(world, one, 2000n)
  expect(state.get(system.Account, one)).toMatchObject({
    providers: 1,
    consumers: 1,
    data: { free: 1000n, reserved: 2000n },
  })
  expect(spendable(state, one, 'allowDeath')).toBe(500n)
  expect(outcome(world, 'transfer_allow_death', { dest: id(two), value: 501n }, signed(one))).toBe('Token.Frozen')
  expect(outcome(world, 'transfer_keep_alive', { dest: id(two), value: 501n }, signed(one))).toBe('Token.Frozen')
  expect(outcome(world, 'transfer_keep_alive', { dest: id(two), value: 1001n }, signed(one))).toBe(
    'Token.FundsUnavailable',
  )
  expect(outcome(world, 'force_set_balance', { who: id(one), new_free: 0n }, root)).toBe('ConsumerRemaining')
  expect(outcome(world, 'transfer_all', { dest: id(two), keep_alive: false }, signed(one))).toBe('ok')
  expect([freeBalance(state, one), reservedBalance(state, one)]).toEqual([500n, 2000n])
  expect(outcome(world, 'force_unreserve', { who: id(one), amount: 1n }, signed(one))).toBe('BadOrigin')
  unreserve(world, one, 500n)
  expect(outcome(world, 'force_unreserve', { who: id(one), amount: 9_999n }, root)).toBe('ok')
  expect(state.get(system.Account, one)).toMatchObject({ consumers: 0, data: { free: 2500n, reserved: 0n } })
  const moved = world.events.filter(({ name }) => /served/.test(name)).map(({ name, fields }) => [name, fields.amount])
  expect(moved).toEqual([
    ['Reserved', 2000n],
    ['Unreserved', 500n],
    ['Unreserved', 1500n],
  ])
  expect(outcome(world, 'transfer_all', { dest: id(two), keep_alive: false }, signed(one))).toBe('ok')
  expect(state.has(system.Account, one)).toBe(false)
})

test('burning takes no more than can be spent', () => {
  const world = emptyWorld()
  mint(world, one, 3000n)
  const burn = (value: bigint, keep_alive: boolean) => outcome(world, 'burn', { value, keep_alive }, signed(one))
  expect(burn(2501n, true)).toBe('Token.FundsUnavailable')
  expect(burn(3001n, false)).toBe('Token.FundsUnavailable')
  expect(burn(2000n, true)).toBe('ok')
  expect([freeBalance(world.state, one), world.state.get(storage.TotalIssuance)]).toEqual([1000n, 1000n])
})

test('root says what the issuance is, within what can be', () => {
  const world = emptyWorld()
  mint(world, one, 3000n)
  const adjust = (type: string, delta: bigint, origin = root) => {
    return outcome(world, 'force_adjust_total_issuance', { direction: { type }, delta }, origin)
  }
  expect(adjust('Increase', 1n, signed(one))).toBe('BadOrigin')
  expect(adjust('Increase', 0n)).toBe('Balances.DeltaZero')
  expect(adjust('Increase', 5n)).toBe('ok')
  expect(world.events.at(-1)).toEqual({ name: 'TotalIssuanceForced', fields: { old: 3000n, new: 3005n } })
  world.state.set(storage.InactiveIssuance, [], 3000n)
  expect(adjust('Decrease', 6n)).toBe('Balances.IssuanceDeactivated')
  world.state.set(storage.InactiveIssuance, [], 0n)
  expect(adjust('Decrease', 10_000n)).toBe('ok')
  expect(world.state.get(storage.TotalIssuance)).toBe(0n)
})

test('accounts that count their references the older way are brought to the newer one', () => {
  const world = emptyWorld()
  const { state } = world
  mint(world, one, 3000n)
  reserve(world, one, 1000n)
  const today = state.get(system.Account, one)
  state.set(system.Account, [one], { ...today, consumers: 0, data: { ...today.data, flags: 0n } })
  world.events.length = 0
  expect(outcome(world, 'upgrade_accounts', { who: [one, two] }, signed(two))).toBe('ok')
  expect(state.get(system.Account, one)).toEqual(today)
  expect(world.events).toEqual([{ name: 'Upgraded', fields: { who: one } }])
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
  fc.record({ do: fc.constant('reserve' as const), who, amount }),
  fc.record({ do: fc.constant('unreserve' as const), who, amount }),
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
            else if (action.do === 'reserve') reserve(world, action.who, action.amount)
            else if (action.do === 'unreserve') unreserve(world, action.who, action.amount)
            else transfer(world, action.who, action.to, action.amount, action.survival)
          } catch (error) {
            if (!(error instanceof DispatchFailure)) throw error
            result = error.message
          }
        }
        expect(state.get(storage.TotalIssuance)).toBe(everybody(state))
        if (result !== 'ok') expect([state.get(storage.TotalIssuance), everybody(state)]).toEqual(before)
        for (const [, { data, providers, consumers }] of state.entries(system.Account)) {
          expect(consumers).toBe(data.reserved > 0n ? 1 : 0)
          expect(data.reserved).toBeGreaterThanOrEqual(0n)
          expect(data.free).toBeGreaterThanOrEqual(existentialDeposit)
          expect(providers).toBe(1)
        }
      }
    }),
    { numRuns: 200 },
  )
})
