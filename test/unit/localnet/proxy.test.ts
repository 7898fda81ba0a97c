import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { ready } from '../../../src/keys/sr25519.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import { DispatchFailure, type Origin } from '../../../src/localnet/pallet.ts'
import { freeBalance, mint, reservedBalance } from '../../../src/localnet/pallets/balances.ts'
import { maxPending, maxProxies, storage } from '../../../src/localnet/pallets/proxy/storage.ts'
import type { ProxyTypeName } from '../../../src/localnet/pallets/proxy/types.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { account, emptyWorld, signed, tao, type World } from './subtensorWorld.ts'

/** Who acts for whom and what that costs. What calls delegates may make is in proxyFilters and proxyCalls. */

beforeAll(async () => await ready())

const runtime = localnetRuntime('fast')
const [one, two, three] = [account(1), account(2), account(3)]
const id = (who: AccountId) => ({ type: 'Id', 0: who })

function outcome(world: World, name: string, args: Readonly<Record<string, unknown>>, origin: Origin): string {
  const before = world.events.length
  try {
    const { definition } = runtime.findCall({ pallet: 'Proxy', name })
    world.state.transaction(() => definition.run({ ...world, origin }, args as never))
    return 'ok'
  } catch (error) {
    if (!(error instanceof DispatchFailure)) throw error
    world.events.length = before
    return error.message.replace('Proxy.', '')
  }
}

interface Entry {
  readonly delegate: AccountId
  readonly type: ProxyTypeName
  readonly delay: number
}

const argsOf = ({ delegate, type, delay }: Entry) => ({ delegate: id(delegate), proxy_type: { type }, delay })

function world(): World {
  const made = emptyWorld()
  for (const who of [one, two, three]) mint(made, who, tao(10))
  made.events.length = 0
  return made
}

const who = fc.constantFrom(one, two, three)
const entry = fc.record({
  delegate: who,
  type: fc.constantFrom<ProxyTypeName>('Any', 'Staking', 'Transfer'),
  delay: fc.integer({ min: 0, max: 2 }),
})
const hash = fc.constantFrom(account(0xa1), account(0xa2))
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add_proxy' as const), who, entry }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove_proxy' as const), who, entry }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove_proxies' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('announce' as const), who, other: who, hash }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove_announcement' as const), who, other: who, hash }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reject_announcement' as const), who, other: who, hash }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set_real_pays_fee' as const), who, other: who }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Announced {
  readonly real: AccountId
  readonly hash: AccountId
}

/** The same rules, written down without a chain. */
class Model {
  readonly proxies = new Map<AccountId, Entry[]>([one, two, three].map((each) => [each, []]))
  readonly pending = new Map<AccountId, Announced[]>([one, two, three].map((each) => [each, []]))
  readonly payers = new Set<string>()

  step(action: Step): string {
    const list = this.proxies.get(action.who)!
    switch (action.do) {
      case 'add_proxy':
        if (action.entry.delegate === action.who) return 'NoSelfProxy'
        if (list.some((item) => JSON.stringify(item) === JSON.stringify(action.entry))) return 'Duplicate'
        list.push(action.entry)
        return 'ok'
      case 'remove_proxy': {
        const at = list.findIndex((item) => JSON.stringify(item) === JSON.stringify(action.entry))
        if (at < 0) return 'NotFound'
        list.splice(at, 1)
        this.payers.delete(`${action.who} ${action.entry.delegate}`)
        return 'ok'
      }
      case 'remove_proxies':
        list.length = 0
        for (const payer of this.payers) if (payer.startsWith(action.who)) this.payers.delete(payer)
        return 'ok'
      case 'announce':
        if (!this.proxies.get(action.other)!.some(({ delegate }) => delegate === action.who)) return 'NotProxy'
        this.pending.get(action.who)!.push({ real: action.other, hash: action.hash })
        return 'ok'
      case 'remove_announcement':
        return this.#drop(action.who, action.other, action.hash)
      case 'reject_announcement':
        return this.#drop(action.other, action.who, action.hash)
      case 'set_real_pays_fee':
        if (!list.some(({ delegate }) => delegate === action.other)) return 'NotProxy'
        this.payers.add(`${action.who} ${action.other}`)
        return 'ok'
    }
  }

  #drop(delegate: AccountId, real: AccountId, hash: AccountId): string {
    const before = this.pending.get(delegate)!
    const left = before.filter((item) => item.real !== real || item.hash !== hash)
    this.pending.set(delegate, left)
    return left.length < before.length ? 'ok' : 'NotFound'
  }

  deposit(of: AccountId): bigint {
    const due = (count: number, base: bigint, each: bigint): bigint => (count === 0 ? 0n : base + each * BigInt(count))
    return (
      due(this.proxies.get(of)!.length, 60_000_000n, 33_000_000n) +
      due(this.pending.get(of)!.length, 36_000_000n, 68_000_000n)
    )
  }
}

function run(at: World, action: Step): string {
  const origin = signed(action.who)
  switch (action.do) {
    case 'add_proxy':
    case 'remove_proxy':
      return outcome(at, action.do, argsOf(action.entry), origin)
    case 'remove_proxies':
      return outcome(at, action.do, {}, origin)
    case 'announce':
    case 'remove_announcement':
      return outcome(at, action.do, { real: id(action.other), call_hash: action.hash }, origin)
    case 'reject_announcement':
      return outcome(at, action.do, { delegate: id(action.other), call_hash: action.hash }, origin)
    case 'set_real_pays_fee':
      return outcome(at, action.do, { delegate: id(action.other), pays_fee: true }, origin)
  }
}

test('delegates and announcements come and go, with their deposits and nothing besides', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const at = world()
      const { state } = at
      const model = new Model()
      for (const action of steps) {
        expect([action.do, run(at, action)]).toEqual([action.do, model.step(action)])
        for (const each of [one, two, three]) {
          const due = model.deposit(each)
          expect(reservedBalance(state, each)).toBe(due)
          expect(freeBalance(state, each)).toBe(tao(10) - due)
          const [definitions] = state.get(storage.Proxies, each)
          expect(state.has(storage.Proxies, each)).toBe(definitions.length > 0)
          const flat = definitions.map(({ delegate, proxy_type: { type }, delay }) => ({ delegate, type, delay }))
          expect(flat).toEqual(sorted(model.proxies.get(each)!))
          const [pending] = state.get(storage.Announcements, each)
          expect(state.has(storage.Announcements, each)).toBe(pending.length > 0)
          expect(pending).toEqual(
            model.pending.get(each)!.map(({ real, hash: call_hash }) => ({ real, call_hash, height: 10 })),
          )
          for (const other of [one, two, three]) {
            expect(state.has(storage.RealPaysFee, each, other)).toBe(model.payers.has(`${each} ${other}`))
          }
        }
      }
    }),
    { numRuns: 150 },
  )
})

const order: readonly ProxyTypeName[] = ['Any', 'Staking', 'Transfer']

/** By account, then by the type's place, then by delay. */
function sorted(entries: readonly Entry[]): Entry[] {
  const key = ({ delegate, type, delay }: Entry): string => `${delegate}${order.indexOf(type)}${delay}`
  return entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

test('events tell who may act for whom', () => {
  const at = world()
  const added: Entry = { delegate: two, type: 'Staking', delay: 4 }
  outcome(at, 'add_proxy', argsOf(added), signed(one))
  const fields = { delegator: one, delegatee: two, proxy_type: { type: 'Staking' }, delay: 4 }
  expect(at.events).toEqual([
    { name: 'Reserved', fields: { who: one, amount: 93_000_000n } },
    { name: 'ProxyAdded', fields },
  ])
  at.events.length = 0
  outcome(at, 'announce', { real: id(one), call_hash: account(9) }, signed(two))
  expect(at.events.at(-1)).toEqual({ name: 'Announced', fields: { real: one, proxy: two, call_hash: account(9) } })
  outcome(at, 'set_real_pays_fee', { delegate: id(two), pays_fee: false }, signed(one))
  expect(at.events.at(-1)).toEqual({ name: 'RealPaysFeeSet', fields: { real: one, delegate: two, pays_fee: false } })
  outcome(at, 'remove_proxy', argsOf(added), signed(one))
  expect(at.events.at(-1)).toEqual({ name: 'ProxyRemoved', fields })
})

test('twenty delegates, 75 announcements, and no more', () => {
  const at = world()
  mint(at, one, tao(100))
  for (let i = 0; i < maxProxies; i++) {
    expect(outcome(at, 'add_proxy', argsOf({ delegate: two, type: 'Any', delay: i }), signed(one))).toBe('ok')
  }
  expect(outcome(at, 'add_proxy', argsOf({ delegate: two, type: 'Any', delay: 99 }), signed(one))).toBe('TooMany')
  const announce = () => outcome(at, 'announce', { real: id(one), call_hash: account(9) }, signed(two))
  for (let i = 0; i < maxPending; i++) expect(announce()).toBe('ok')
  expect(announce()).toBe('TooMany')
  expect(reservedBalance(at.state, two)).toBe(36_000_000n + 75n * 68_000_000n)
})

test('who cannot pay the deposit gets nothing', () => {
  const at = emptyWorld()
  mint(at, one, 93_000_499n)
  const add = () => outcome(at, 'add_proxy', argsOf({ delegate: two, type: 'Any', delay: 0 }), signed(one))
  expect(add()).toBe('ConsumerRemaining')
  expect(outcome(at, 'create_pure', { proxy_type: { type: 'Any' }, delay: 0, index: 0 }, signed(two))).toBe(
    'Balances.InsufficientBalance',
  )
  expect(at.state.has(storage.Proxies, one)).toBe(false)
  mint(at, one, 1n)
  expect(add()).toBe('ok')
})

test('deposits under older rules are brought up to date, both ways', () => {
  const at = world()
  outcome(at, 'add_proxy', argsOf({ delegate: two, type: 'Any', delay: 0 }), signed(one))
  outcome(at, 'add_proxy', argsOf({ delegate: one, type: 'Any', delay: 0 }), signed(two))
  outcome(at, 'announce', { real: id(one), call_hash: account(9) }, signed(two))
  at.events.length = 0
  expect(outcome(at, 'poke_deposit', {}, signed(one))).toBe('ok')
  expect(at.events).toEqual([])
  at.state.set(storage.Proxies, [two], [at.state.get(storage.Proxies, two)[0], 1_000_000n])
  at.state.set(storage.Announcements, [two], [at.state.get(storage.Announcements, two)[0], 104_000_007n])
  expect(outcome(at, 'poke_deposit', {}, signed(two))).toBe('ok')
  const poked = at.events.filter(({ name }) => name === 'DepositPoked').map(({ fields }) => fields)
  expect(poked).toEqual([
    { who: two, kind: { type: 'Proxies' }, old_deposit: 1_000_000n, new_deposit: 93_000_000n },
    { who: two, kind: { type: 'Announcements' }, old_deposit: 104_000_007n, new_deposit: 104_000_000n },
  ])
  expect(reservedBalance(at.state, two)).toBe(93_000_000n + 104_000_000n + 92_000_000n - 7n)
  // A list that is gone, whose deposit stayed.
  at.state.set(storage.Proxies, [three], [[], 5n])
  expect(outcome(at, 'poke_deposit', {}, signed(three))).toBe('ok')
  expect(at.state.has(storage.Proxies, three)).toBe(false)
})
