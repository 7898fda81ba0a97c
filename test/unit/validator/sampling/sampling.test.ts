import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRng } from '../../../../src/base/random.ts'
import { allot } from '../../../../src/validator/sampling/allot.ts'
import { Deal, type Player } from '../../../../src/validator/sampling/deal.ts'
import { groupsOf } from '../../../../src/validator/sampling/groups.ts'
import { kinOf } from '../../../../src/validator/sampling/kin.ts'
import { hostOfChainIp } from '../../../../src/wire/axonAddress.ts'
import { sums } from '../sums.ts'

const candidate = fc.record({
  answers: fc.nat(200),
  accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
  fallEvidence: fc.double({ min: 0, max: 30, noNaN: true }),
})

test('the budget is given out whole, nobody gets less than the least or more than the most', () => {
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (all, tasks) => {
      const budget = tasks * all.length
      const asks = allot(all, { budget, least: 1, most: 3 * tasks })
      expect(asks.reduce((sum, n) => sum + n)).toBe(budget)
      for (const n of asks) {
        expect(n).toBeGreaterThanOrEqual(1)
        expect(n).toBeLessThanOrEqual(3 * tasks)
      }
    }),
  )
})

test('IPv6 neighbours of one /48 are kin, however their addresses are written; those of another /48 are not', () => {
  const group = fc.integer({ min: 0, max: 0xffff })
  const some = fc.oneof(fc.constant(0), group)
  const tail = fc.array(some, { minLength: 5, maxLength: 5 })
  const hostOf = (groups: readonly number[]): string =>
    hostOfChainIp({ ip: groups.reduce((ip, part) => (ip << 16n) | BigInt(part), 0n), ipType: 6 })
  const networkOf = (groups: readonly number[], uid: number): string => {
    const target = { host: hostOf(groups), port: 8_091, hotkey: `m${uid}`, publicKey: new Uint8Array(32).fill(uid) }
    return kinOf([{ uid, hotkey: `m${uid}`, target }], []).get(`m${uid}`)![0]!
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff }), some, some, tail, tail, group, (a, b, c, one, other, d) => {
      expect(networkOf([a, b, c, ...one], 1)).toBe(networkOf([a, b, c, ...other], 2))
      if (d !== c) expect(networkOf([a, b, c, ...one], 1)).not.toBe(networkOf([a, b, d, ...other], 2))
    }),
  )
})

test('newcomers, the middling and the suspected are asked more than those whose score is clear', () => {
  const known = { answers: 100, accuracy: 0.97, fallEvidence: 0 }
  const all = [known, { ...known, answers: 0 }, { ...known, accuracy: 0.5 }, { ...known, fallEvidence: 9 }]
  const [clear, newcomer, middling, suspected] = allot(all, { budget: 80, least: 1, most: 30 })
  expect(newcomer).toBeGreaterThan(clear!)
  expect(middling).toBeGreaterThan(clear!)
  expect(suspected).toBeGreaterThan(clear!)
})

test('groups hold everybody once, kin together as far as there is room', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }), fc.string(), (networks, seed) => {
      const members = networks.map((network, i) => ({ hotkey: `m${i}`, kin: network === 0 ? [] : [`net ${network}`] }))
      const groups = groupsOf(members, { size: 4, most: 6 }, makeRng(seed))
      expect(
        groups
          .flat()
          .map(({ hotkey }) => hotkey)
          .sort(),
      ).toEqual(members.map(({ hotkey }) => hotkey).sort())
      for (const group of groups) expect(group.length).toBeLessThanOrEqual(6)
    }),
  )
  const two = { hotkey: 'x', kin: ['net 9'] }
  const others = Array.from({ length: 30 }, (_, i) => ({ hotkey: `m${i}`, kin: [] }))
  for (let seed = 0; seed < 20; seed++) {
    const groups = groupsOf([two, { ...two, hotkey: 'y' }, ...others], { size: 4, most: 6 }, makeRng(seed))
    expect(groups.find((group) => group.includes(two))!.some(({ hotkey }) => hotkey === 'y')).toBe(true)
  }
})

const validators = new Map([['law', sums('law')]])
const players = (asks: readonly number[]): Player[] =>
  asks.map((count, i) => ({ hotkey: `m${i}`, kin: [], asks: new Map([['law', count]]) }))
const rules = { group: { size: 3, most: 4 }, covertShare: 0.5 }

test('each player gets as many tasks as it was allotted, none twice, and a seed brings all of it back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 20 }), fc.string(), (asks, seed) => {
      const deal = (): { question: string; hotkeys: readonly string[]; covert: boolean }[] => {
        const dealt = new Deal(players(asks), validators, { seed, round: 3 }, rules)
        const hands = []
        for (let hand = dealt.next(() => true, false); hand !== undefined; hand = dealt.next(() => true, false)) {
          hands.push({ question: hand.task.question, hotkeys: hand.hotkeys, covert: hand.covert })
        }
        expect(dealt.isOver).toBe(true)
        return hands
      }
      const hands = deal()
      expect(new Set(hands.map(({ question }) => question)).size).toBe(hands.length)
      for (const [i, count] of asks.entries()) {
        expect(hands.filter(({ hotkeys }) => hotkeys.includes(`m${i}`))).toHaveLength(count)
      }
      expect(deal()).toEqual(hands)
    }),
    { numRuns: 50 },
  )
})

test('a hand waits for all of its players, unless there is no patience left; who is gone is left out', () => {
  const deal = new Deal(players([2, 2, 2]), validators, { seed: 's', round: 0 }, rules)
  const busy = (hotkey: string): boolean => hotkey !== 'm1'
  expect(deal.next(busy, false)).toBeUndefined()
  const first = deal.next(busy, true)!
  expect([...first.hotkeys].sort()).toEqual(['m0', 'm2'])
  deal.drop('m0')
  expect([...deal.next(() => true, false)!.hotkeys].sort()).toEqual(['m1', 'm2'])
  // Whoever was busy has lost nothing, and gets a task that nobody has seen.
  const last = deal.next(() => true, false)!
  expect(last.hotkeys).toEqual(['m1'])
  expect(last.task.question).not.toBe(first.task.question)
  expect(deal.isOver).toBe(true)
})

test('kin are miners of one /24, of one certificate, and those who seem to answer from one source', () => {
  const miner = (hotkey: string, host: string, key: number) => ({
    uid: 0,
    hotkey,
    target: { host, port: 1, hotkey, publicKey: new Uint8Array(32).fill(key) },
  })
  const miners = [
    miner('a', '10.0.0.1', 1),
    miner('b', '10.0.0.200', 2),
    miner('c', '10.0.1.1', 2),
    miner('d', 'fe80::1', 3),
  ]
  const pairs = [{ a: 'a', b: 'd', evidence: 6, aFirst: 0, bFirst: 0 }]
  const kin = kinOf(miners, pairs)
  const related = (x: string, y: string): boolean => kin.get(x)!.some((mark) => kin.get(y)!.includes(mark))
  expect(related('a', 'b')).toBe(true)
  expect(related('b', 'c')).toBe(true)
  expect(related('a', 'd')).toBe(true)
  expect(related('a', 'c')).toBe(false)
  expect(related('c', 'd')).toBe(false)
})
