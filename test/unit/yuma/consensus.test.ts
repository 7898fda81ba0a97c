import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipToConsensus, consensusOf, weightedMedian } from '../../../src/yuma/consensus.ts'
import type { FixedRows } from '../../../src/yuma/sparseRows.ts'
import { medianOracle } from '../../oracle/epochOracle.ts'

const one = 2 ** 32

/** Few different scores and stakes, so that ties and exact halves are the rule. */
const entries = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 5, one), fc.constantFrom(1, 1, 2, 3, 4)), { maxLength: 9 })

test('the weighted median, above all where stake below is exactly the minority', () => {
  let exact = 0
  fc.assert(
    fc.property(entries, fc.integer({ min: 0, max: 20 }), (pairs, minority) => {
      const score = Float64Array.from(pairs, ([value]) => value)
      const stake = Float64Array.from(pairs, ([, share]) => share)
      const hi = stake.reduce((sum, share) => sum + share, 0)
      const expected = medianOracle([...score].map(BigInt), [...stake].map(BigInt), BigInt(minority))
      const range = { from: 0, to: pairs.length, lo: 0, hi }
      const found = weightedMedian(score, stake, range, minority)
      expect(BigInt(found)).toBe(expected)
      const below = pairs.reduce((sum, [value, share]) => (value < found ? sum + share : sum), 0)
      if (pairs.length > 0) expect(below).toBeLessThanOrEqual(Math.max(minority, 0))
      if (below === minority && below > 0) exact++
    }),
    { numRuns: 10_000 },
  )
  expect(exact).toBeGreaterThan(500)
})

describe('consensus by column', () => {
  const rowsOf = (rows: readonly (readonly [number, number])[][], n: number): FixedRows => {
    const flat = rows.flat()
    const rowStart = Uint32Array.from({ length: n + 1 }, (_, i) => rows.slice(0, i).flat().length)
    return {
      rowStart,
      column: Uint16Array.from(flat, ([j]) => j),
      value: Float64Array.from(flat, ([, value]) => value),
    }
  }

  test('equals the dense median over all voters, absent entries and zeros being 0 alike', () => {
    const n = 6
    const cell = fc.tuple(fc.nat(n - 1), fc.constantFrom(0, one / 4, one / 2, 3, one))
    const row = fc.array(cell, { maxLength: 8 })
    const stakes = fc.array(fc.constantFrom<number[]>(0, 1, 1, 2, 4), { minLength: n, maxLength: n })
    const majority = fc.constantFrom<number[]>(0, one / 4, one / 2, one / 2 - 1, one / 2 + 1, (3 * one) / 4, one)
    fc.assert(
      fc.property(fc.array(row, { minLength: n, maxLength: n }), stakes, majority, (rows, parts, kappa) => {
        const all = parts.reduce((sum, part) => sum + part, 0)
        const active = Float64Array.from(parts, (part) => (all === 0 ? 0 : Math.floor((part * one) / all)))
        const found = consensusOf(rowsOf(rows, n), active, kappa, n)
        const voters = [...active.keys()].filter((i) => active[i]! > 0)
        const held = voters.map((i) => BigInt(active[i]!))
        const sum = held.reduce((total, stake) => total + stake, 0n)
        const stake = held.map((part) => (part << 32n) / sum)
        const minority = stake.reduce((total, part) => total + part, 0n) - BigInt(kappa)
        for (let j = 0; j < n; j++) {
          // Of two entries of a row in one column the last one counts.
          const scores = voters.map((i) => BigInt(rows[i]!.findLast(([column]) => column === j)?.[1] ?? 0))
          expect(BigInt(found[j]!), `column ${j}`).toBe(medianOracle(scores, stake, minority))
        }
      }),
      { numRuns: 5_000 },
    )
  })

  test('caps what is above it and drops what has none, but keeps explicit zeros', () => {
    const rows = rowsOf(
      [
        [
          [0, 5],
          [1, 7],
          [2, 0],
          [3, 9],
        ],
      ],
      1,
    )
    const clipped = clipToConsensus(rows, Float64Array.of(3, 8, 0, 0))
    expect([...clipped.column]).toEqual([0, 1, 2])
    expect([...clipped.value]).toEqual([3, 7, 0])
    expect([...clipped.rowStart]).toEqual([0, 3])
  })
})
