import { describe, expect, test } from 'vitest'
import type { Rao } from '../../../src/base/units.ts'
import { type CallerPolicy, makeCallers } from '../../../src/miner/callers.ts'
import { readNameList } from '../../../src/miner/nameList.ts'
import { neuron } from './memoryChain.ts'

const whale = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const shrimp = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const poor = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y'
const stranger = '5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy'

function callersWith(policy: CallerPolicy) {
  let unknown = 0
  const callers = makeCallers(() => unknown++)
  callers.update({
    block: 1,
    neurons: [
      { ...neuron(0, whale), alphaStake: 1_000_000n as Rao, validatorPermit: true },
      { ...neuron(1, shrimp), alphaStake: 300_000n as Rao },
      { ...neuron(2, poor), alphaStake: 0n as Rao },
    ],
  })
  callers.configure(policy)
  return { ...callers, unknown: () => unknown }
}

/** What the policy says of each of the four hotkeys. */
function verdicts(policy: CallerPolicy): string[] {
  const { admit } = callersWith(policy)
  return [whale, shrimp, poor, stranger].map((hotkey) => {
    const admission = admit(hotkey)
    return admission.ok ? 'served' : admission.code
  })
}

const list = (...names: string[]) => readNameList('admission.allow', names)

describe('whom the policy serves', () => {
  test.each<[what: string, policy: CallerPolicy, expected: string[]]>([
    ['everybody who is registered', {}, ['served', 'served', 'served', 'unknown-hotkey']],
    ['anybody', { allowNonRegistered: true }, ['served', 'served', 'served', 'served']],
    ['those with stake', { minStake: 300_000n }, ['served', 'served', 'low-stake', 'unknown-hotkey']],
    [
      'strangers have no stake',
      { minStake: 1n, allowNonRegistered: true },
      ['served', 'served', 'low-stake', 'low-stake'],
    ],
    ['validators', { forceValidatorPermit: true }, ['served', 'no-permit', 'no-permit', 'unknown-hotkey']],
    [
      'not who is denied under another prefix',
      { deny: list('15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5') },
      ['denied', 'served', 'served', 'unknown-hotkey'],
    ],
    ['not who is denied', { deny: list(whale) }, ['denied', 'served', 'served', 'unknown-hotkey']],
    [
      'whom is allowed, whatever the rest says',
      { allow: list(poor, stranger), minStake: 500_000n, forceValidatorPermit: true },
      ['served', 'no-permit', 'served', 'served'],
    ],
    [
      'nobody denied though allowed',
      { allow: list(poor), deny: list(poor) },
      ['served', 'served', 'denied', 'unknown-hotkey'],
    ],
    ['only the allowed', { allow: list(shrimp), onlyAllowed: true }, ['denied', 'served', 'denied', 'denied']],
    [
      'every hotkey where only addresses are listed',
      { allow: list('203.0.113.0/24'), onlyAllowed: true },
      ['served', 'served', 'served', 'unknown-hotkey'],
    ],
    ['nobody, where only the allowed are and there are none', { onlyAllowed: true }, Array(4).fill('denied')],
  ])('%s', (_what, policy, expected) => {
    expect(verdicts(policy)).toEqual(expected)
  })
})

test('turns go by stake, beside that of the greatest, with a least share for those without', () => {
  const { admit } = callersWith({ allow: list(stranger) })
  expect(admit(whale)).toEqual({ ok: true, stake: 1_000_000n, weight: 1 })
  expect(admit(shrimp)).toMatchObject({ weight: 0.3 })
  expect(admit(poor)).toMatchObject({ weight: 0.01 })
  expect(admit(stranger)).toMatchObject({ stake: 0n, weight: 0.01 })
})

test('where nobody has stake, turns are equal', () => {
  const callers = makeCallers(() => undefined)
  callers.update({ block: 1, neurons: [neuron(0, whale)] })
  expect(callers.admit(whale)).toEqual({ ok: true, stake: 0n, weight: 1 })
})

test('the chain is looked at again for a hotkey that may have registered, and for no other', () => {
  const callers = callersWith({ allow: list(stranger), minStake: 10n })
  callers.admit(stranger)
  callers.admit(poor)
  expect(callers.unknown()).toBe(0)
  callers.configure({})
  callers.admit(stranger)
  expect(callers.unknown()).toBe(1)
})

describe('addresses', () => {
  test.each<[policy: CallerPolicy, ip: string, verdict: string]>([
    [{}, '203.0.113.7', 'counted'],
    [{}, '127.0.0.1', 'trusted'],
    [{}, '::ffff:127.0.0.1', 'trusted'],
    [{}, '::1', 'trusted'],
    [{ deny: list('127.0.0.0/8') }, '::ffff:127.0.0.1', 'denied'],
    [{ deny: list('203.0.113.0/24') }, '203.0.113.7', 'denied'],
    [{ deny: list('203.0.113.0/24') }, '::ffff:203.0.113.7', 'denied'],
    [{ deny: list('203.0.113.0/24') }, '203.0.114.7', 'counted'],
    [{ deny: list('2001:db8::/32') }, '2001:db8:5::1', 'denied'],
    [{ deny: list('2001:db8::/32') }, '2001:db9::1', 'counted'],
    [{ allow: list('2001:db8::1') }, '2001:db8::1%eth0', 'trusted'],
    [{ allow: list('203.0.113.7'), deny: list('203.0.113.0/24') }, '203.0.113.7', 'denied'],
    [{ allow: list('203.0.113.7'), onlyAllowed: true }, '203.0.113.8', 'denied'],
    [{ allow: list(whale), onlyAllowed: true }, '203.0.113.8', 'counted'],
  ])('under %j %s is %s', (policy, ip, verdict) => {
    expect(callersWith(policy).judgeIp(ip)).toBe(verdict)
  })

  test.each(['', 'example.com', '203.0.113.0/33', '203.0.113.0/', '::/129', '1.2.3.4/8/8', whale.slice(1)])(
    'a list refuses %j',
    (name) => {
      expect(() => list(name)).toThrow(/cannot be used/)
    },
  )
})
