import { expect, test } from 'vitest'
import { epoch } from '../../../src/yuma/epoch.ts'
import { floatEpoch } from '../../bench/floatEpoch.ts'
import { makeSubnet, type Rules } from '../../bench/makeSubnet.ts'
import { epochInputOf } from '../../oracle/epochInputOf.ts'

const rules: readonly Rules[] = ['Yuma 2', 'Yuma 3', 'Yuma 3, liquid alpha']

// A benchmark's baseline that left something out would flatter or slander what is measured.
test.each(rules)('the epoch in doubles that benchmarks measure against takes the same steps: %s', (name) => {
  for (const share of [1 / 8, 1]) {
    const input = epochInputOf(makeSubnet(200, share, name))
    const exact = epoch(input)
    const float = floatEpoch(input)
    const fields = ['stakeWeight', 'consensus', 'incentive', 'dividends', 'validatorTrust'] as const
    for (const field of fields) {
      for (const [uid, value] of exact[field].entries()) {
        expect(Math.abs(float[field][uid]! - value), `${field} of ${uid}`).toBeLessThanOrEqual(1)
      }
      expect(exact[field].some((value) => value > 0)).toBe(true)
    }
    expect([...float.bonds.rowStart]).toEqual([...exact.bonds.rowStart])
    expect([...float.bonds.column]).toEqual([...exact.bonds.column])
    for (const [k, value] of exact.bonds.value.entries()) {
      expect(Math.abs(float.bonds.value[k]! - value), `bond ${k}`).toBeLessThanOrEqual(1)
    }
    for (const field of ['emission', 'serverEmission', 'validatorEmission', 'stake'] as const) {
      for (const [uid, amount] of exact[field].entries()) {
        const gap = Math.abs(float[field][uid]! - Number(amount))
        expect(gap, `${field} of ${uid}`).toBeLessThanOrEqual(1e-6 * Number(input.emission) + 1e-9 * Number(amount))
      }
    }
  }
})
