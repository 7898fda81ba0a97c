import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipGroup } from '../../../src/axon/ipGroup.ts'
import { RateTable } from '../../../src/axon/rateTable.ts'
import { InputError } from '../../../src/base/errors.ts'

test('a burst at once, then one at each spacing, and the wait it tells is the wait it takes', () => {
  const table = new RateTable({ perMinute: 60, burst: 3 }, 10)
  expect([0, 0, 0].map((at) => table.take('a', at))).toEqual([0, 0, 0])
  expect(table.take('a', 0)).toBe(1_000)
  expect(table.take('b', 0)).toBe(0)
  expect(table.take('a', 999)).toBe(1)
  expect(table.take('a', 1_000)).toBe(0)
  expect(table.take('a', 1_000)).toBe(1_000)
})

test('without a limit nothing is remembered', () => {
  const table = new RateTable({ perMinute: Number.POSITIVE_INFINITY, burst: 1 }, 10)
  for (let i = 0; i < 100; i++) expect(table.take('a', 0)).toBe(0)
  expect(table.size).toBe(0)
})

test('whatever the demand, a name gets at most burst plus rate times time, and is refused only beyond it', () => {
  const demand = fc.array(fc.nat(3_000), { maxLength: 60 })
  const rate = fc.record({ perMinute: fc.integer({ min: 1, max: 600 }), burst: fc.integer({ min: 1, max: 10 }) })
  fc.assert(
    fc.property(demand, rate, (waits, { perMinute, burst }) => {
      const table = new RateTable({ perMinute, burst }, 5)
      let nowMs = 0
      let granted = 0
      for (const waitMs of waits) {
        nowMs += waitMs
        const restMs = table.take('a', nowMs)
        if (restMs === 0) granted++
        else expect(granted + 1).toBeGreaterThan(burst - 1)
        expect(granted).toBeLessThanOrEqual(burst + (nowMs * perMinute) / 60_000 + 1e-6)
        if (restMs > 1) expect(new RateTable({ perMinute, burst }, 5).take('a', nowMs)).toBe(0)
      }
      const restMs = table.take('a', nowMs)
      expect(table.take('a', nowMs + restMs + 60_000 / perMinute)).toBe(0)
    }),
  )
})

test('a hundred thousand names take no more places than there are, and those at rest leave by themselves', () => {
  const table = new RateTable({ perMinute: 60, burst: 10 }, 1_000)
  for (let i = 0; i < 100_000; i++) table.take(`n${i}`, i / 100)
  expect(table.size).toBe(1_000)
  for (let i = 0; i < 1_000; i++) table.take('one', 3_600_000 + 1_000 * i)
  expect(table.size).toBe(1)
})

test('a new rate holds for what comes, and what was used up counts on', () => {
  const table = new RateTable({ perMinute: 60, burst: 2 }, 10)
  table.take('a', 0)
  table.take('a', 0)
  table.configure({ perMinute: 60, burst: 1 })
  expect(table.take('a', 0)).toBe(2_000)
  table.configure({ perMinute: 60, burst: 4 })
  expect(table.take('a', 0)).toBe(0)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1:2:3:4%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
])('%s is counted as %s', (ip, group) => {
  expect(ipGroup(ip)).toBe(group)
})

test.each([
  { perMinute: 0, burst: 1 },
  { perMinute: 0, burst: 5 },
  { perMinute: -1, burst: 1 },
  { perMinute: Number.NaN, burst: 1 },
  { perMinute: 60, burst: 0 },
  { perMinute: 60, burst: Number.NaN },
])('%j is refused, and not taken for no limit at all', (rate) => {
  expect(() => new RateTable(rate, 10)).toThrow(InputError)
})
