import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { hashHex } from '../../../src/localnet/extrinsic.ts'
import { dispatchInfoOf } from '../../../src/localnet/fees.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import { type Call, DispatchFailure, type Origin } from '../../../src/localnet/pallet.ts'
import { freeBalance, mint, reservedBalance } from '../../../src/localnet/pallets/balances.ts'
import { multisigAccount } from '../../../src/localnet/pallets/derivedAccounts.ts'
import { storage } from '../../../src/localnet/pallets/multisig/declarations.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { encode } from '../../../src/localnet/scale/types.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { callOf, outcomes, remark, sent } from './carriedCalls.ts'
import { accountOf, alice, bob, dave, transferOf } from './signedCall.ts'
import { account, emptyWorld, signed, tao, type World } from './subtensorWorld.ts'

let localnet: Localnet
let node: LocalNode

beforeEach(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  node = localnet.node
})
afterEach(async () => await localnet.close())

const [A, B, D] = [alice, bob, dave].map(accountOf) as [AccountId, AccountId, AccountId]
const members = [A, B, D].sort()
const without = (who: AccountId): AccountId[] => members.filter((member) => member !== who)
const group = multisigAccount(members, 2)
const pay = transferOf(B, 4_321n)
const runtime = localnetRuntime('fast')
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
const hash = (): Uint8Array => bytesOf(hashHex(encode(runtime.callType, pay)))
const weight = { ref_time: 10n ** 9n, proof_size: 0n }

interface Options {
  readonly others?: AccountId[]
  readonly threshold?: number
  readonly when?: { height: number; index: number } | undefined
  readonly call?: Call
  readonly max_weight?: typeof weight
}

function asMulti(who: AccountId, options: Options = {}): Call {
  const { threshold = 2, others = without(who), when, call = pay, max_weight = weight } = options
  return callOf('Multisig', 'as_multi', {
    threshold,
    other_signatories: others,
    maybe_timepoint: when,
    call,
    max_weight,
  })
}

function approve(who: AccountId, when?: Options['when']): Call {
  const call_hash = hash()
  return callOf('Multisig', 'approve_as_multi', {
    threshold: 2,
    other_signatories: without(who),
    maybe_timepoint: when,
    call_hash,
    max_weight: weight,
  })
}

async function did(pair: KeyPair, call: Call): Promise<[string, string][]> {
  return outcomes(node, await sent(node, pair, call))
}

const failed = (name: string) => [['System.ExtrinsicFailed', `Multisig.${name}`]]

test('what a group must be', async () => {
  expect(await did(alice, asMulti(A, { threshold: 1 }))).toEqual(failed('MinimumThreshold'))
  expect(await did(alice, asMulti(A, { others: [] }))).toEqual(failed('TooFewSignatories'))
  const hundred = Array.from({ length: 100 }, (_, i) => account(i + 1))
  expect(await did(alice, asMulti(A, { others: hundred }))).toEqual(failed('TooManySignatories'))
  expect(await did(alice, asMulti(A, { others: without(A).reverse() }))).toEqual(failed('SignatoriesOutOfOrder'))
  expect(await did(alice, asMulti(A, { others: [B, B] }))).toEqual(failed('SignatoriesOutOfOrder'))
  expect(await did(alice, asMulti(A, { others: members }))).toEqual(failed('SenderInSignatories'))
  expect(await did(alice, asMulti(A, { when: { height: 1, index: 1 } }))).toEqual(failed('UnexpectedTimepoint'))
  expect(reservedBalance(node.headState, A)).toBe(0n)
})

test('the second of two makes the call, under the name of the group, and who began gets the deposit back', async () => {
  await sent(node, alice, transferOf(group, tao(1)))
  await sent(node, alice, approve(A))
  const { number: height } = node.head.header
  const when = { height, index: 1 }
  expect(reservedBalance(node.headState, A)).toBe(132_000_000n + 2n * 32_000_000n)
  expect(node.headState.get(storage.Multisigs, group, hash())).toEqual({
    when,
    deposit: 196_000_000n,
    depositor: A,
    approvals: [A],
  })
  expect(await did(dave, asMulti(D))).toEqual(failed('NoTimepoint'))
  expect(await did(dave, asMulti(D, { when: { height, index: 2 } }))).toEqual(failed('WrongTimepoint'))
  expect(await did(alice, approve(A, when))).toEqual(failed('AlreadyApproved'))
  const { refTime } = dispatchInfoOf(runtime, pay)
  const light = { ref_time: BigInt(refTime) - 1n, proof_size: 0n }
  expect(await did(dave, asMulti(D, { when, max_weight: light }))).toEqual(failed('MaxWeightTooLow'))
  const before = freeBalance(node.headState, B)
  const exact = { ref_time: BigInt(refTime), proof_size: 0n }
  expect(await did(dave, asMulti(D, { when, max_weight: exact }))).toEqual([['Multisig.MultisigExecuted', 'ok']])
  expect(freeBalance(node.headState, B) - before).toBe(4_321n)
  expect(freeBalance(node.headState, group)).toBe(tao(1) - 4_321n)
  expect(reservedBalance(node.headState, A)).toBe(0n)
  expect(node.headState.get(storage.Multisigs, group, hash())).toBeUndefined()
})

test('enough voices without the call wait for whoever brings it; what fails then has been tried', async () => {
  await sent(node, alice, approve(A))
  const when = { height: node.head.header.number, index: 1 }
  const events = await sent(node, dave, approve(D, when))
  expect(events.map(({ name }) => name)).toContain('Multisig.MultisigApproval')
  expect(await did(bob, approve(B, when))).toEqual(failed('AlreadyApproved'))
  // The group has no money.
  expect(await did(alice, asMulti(A, { when }))).toEqual([['Multisig.MultisigExecuted', 'Token.FundsUnavailable']])
  expect(reservedBalance(node.headState, A)).toBe(0n)
})

test('only who began can end it, or bring its deposit up to date', async () => {
  await sent(node, alice, approve(A))
  const when = { height: node.head.header.number, index: 1 }
  const named = (who: AccountId, more: Readonly<Record<string, unknown>> = {}) => ({
    threshold: 2,
    other_signatories: without(who),
    call_hash: hash(),
    ...more,
  })
  const cancel = (who: AccountId, timepoint = when) => callOf('Multisig', 'cancel_as_multi', named(who, { timepoint }))
  const poke = (who: AccountId) => callOf('Multisig', 'poke_deposit', named(who))
  expect(await did(bob, cancel(B))).toEqual(failed('NotOwner'))
  expect(await did(bob, poke(B))).toEqual(failed('NotOwner'))
  expect(await did(alice, cancel(A, { height: 1, index: 7 }))).toEqual(failed('WrongTimepoint'))
  const other = { ...named(A), call_hash: new Uint8Array(32) }
  expect(await did(alice, callOf('Multisig', 'poke_deposit', other))).toEqual(failed('NotFound'))
  expect((await sent(node, alice, poke(A))).map(({ name }) => name)).toEqual(['System.ExtrinsicSuccess'])
  await sent(node, alice, asRoot(setDeposit(1_000n)))
  expect((await sent(node, alice, poke(A))).at(-2)).toEqual({
    name: 'Multisig.DepositPoked',
    fields: { who: A, call_hash: hash(), old_deposit: 1_000n, new_deposit: 196_000_000n },
  })
  // The rest of what was reserved stays so: the record did not tell of it.
  expect(reservedBalance(node.headState, A)).toBe(2n * 196_000_000n - 1_000n)
  await sent(node, alice, asRoot(setDeposit(392_000_000n - 1_000n)))
  await sent(node, alice, poke(A))
  expect(reservedBalance(node.headState, A)).toBe(196_000_000n)
  expect((await sent(node, alice, cancel(A))).map(({ name }) => name)).toEqual([
    'Balances.Unreserved',
    'Multisig.MultisigCancelled',
    'System.ExtrinsicSuccess',
  ])
  expect(await did(alice, cancel(A))).toEqual(failed('NotFound'))
})

const asRoot = (call: Call): Call => callOf('Sudo', 'sudo', { call })

/** Root writes another deposit into the record of the call that waits. */
function setDeposit(deposit: bigint): Call {
  const waiting = node.headState.get(storage.Multisigs, group, hash())!
  const key = storageKey(storage.Multisigs, [group, hash()])
  const value = encode(storage.Multisigs.value, { ...waiting, deposit })
  return callOf('System', 'set_storage', { items: [[bytesOf(key), value]] })
}

test('one of several is enough for an account of its own', async () => {
  const single = multisigAccount([A, B].sort(), 1)
  await sent(node, alice, transferOf(single, tao(1)))
  const one = (call: Call, others = [B]) =>
    callOf('Multisig', 'as_multi_threshold_1', { other_signatories: others, call })
  expect(await did(alice, one(pay))).toEqual([])
  expect(freeBalance(node.headState, single)).toBe(tao(1) - 4_321n)
  expect(await did(alice, one(transferOf(B, tao(2))))).toEqual([['System.ExtrinsicFailed', 'Token.FundsUnavailable']])
  expect(await did(alice, one(remark, []))).toEqual(failed('TooFewSignatories'))
})

/** A world in which calls of the group are carried out by being counted. */
function countingWorld(): { world: World; made: AccountId[] } {
  const made: AccountId[] = []
  const world = emptyWorld()
  for (const who of members) mint(world, who, tao(10))
  const dispatch = (_: Call, origin: Origin): void => {
    if (origin.kind === 'signed') made.push(origin.account)
  }
  return { world: { ...world, dispatch }, made }
}

function outcome(world: World, who: AccountId, { name, args, pallet }: Call): string {
  const { definition } = runtime.findCall({ pallet, name })
  try {
    world.state.transaction(() => definition.run({ ...world, extrinsicIndex: 3, origin: signed(who) }, args as never))
    return 'ok'
  } catch (error) {
    if (error instanceof DispatchFailure) return error.message
    throw error
  }
}

const voice = fc.record({
  who: fc.constantFrom(...members),
  brings: fc.boolean(),
  ends: fc.integer({ min: 0, max: 5 }),
})

test('in whatever order they speak, the call is made once for every two different voices, at no lasting cost', () => {
  fc.assert(
    fc.property(fc.array(voice, { maxLength: 20 }), (voices) => {
      const { world, made } = countingWorld()
      let approvals: AccountId[] = []
      let expected = 0
      const timepoint = { height: world.block, index: 3 }
      for (const { who, brings, ends } of voices) {
        const when = approvals.length === 0 ? undefined : timepoint
        if (ends === 0) {
          const args = { threshold: 2, other_signatories: without(who), timepoint, call_hash: hash() }
          const mine = approvals.length > 0 && depositorOf(world) === who
          expect(outcome(world, who, callOf('Multisig', 'cancel_as_multi', args)) === 'ok').toBe(mine)
          if (mine) approvals = []
          continue
        }
        const result = outcome(world, who, brings ? asMulti(who, { when }) : approve(who, when))
        const isNew = approvals.length < 2 && !approvals.includes(who)
        const count = approvals.length + Number(isNew)
        if (brings && count >= 2) {
          expected++
          approvals = []
          expect(result).toBe('ok')
        } else {
          expect(result).toBe(isNew ? 'ok' : 'Multisig.AlreadyApproved')
          if (isNew) approvals = [...approvals, who].sort()
        }
        const waiting = world.state.get(storage.Multisigs, group, hash())
        expect(waiting?.approvals ?? []).toEqual(approvals)
        const reserved = members.reduce((sum, member) => sum + reservedBalance(world.state, member), 0n)
        expect(reserved).toBe(approvals.length === 0 ? 0n : 196_000_000n)
      }
      expect(made).toEqual(Array.from({ length: expected }, () => group))
    }),
    { numRuns: 100 },
  )
})

function depositorOf(world: World): AccountId | undefined {
  return world.state.get(storage.Multisigs, group, hash())?.depositor
}
