import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normaliseStake, totalStake } from '../../../src/yuma/stake.ts'
import { arbitrarySubnet } from '../../oracle/arbitrarySubnet.ts'
import { epochInputOf } from '../../oracle/epochInputOf.ts'
import { stakeOracle } from '../../oracle/fixedOracle.ts'

test('shares of total stake, to the last bit', () => {
  fc.assert(
    fc.property(arbitrarySubnet(12), (subnet) => {
      const { normalised, total } = totalStake(epochInputOf(subnet))
      const keep = (amount: bigint, i: number): boolean => amount >= subnet.stakeThreshold || i === subnet.ownerUid
      const expected = stakeOracle(subnet.alphaStake, subnet.taoStake, subnet.taoWeight, keep)
      expect([...total]).toEqual(expected.total)
      expect([...normalised].map(BigInt)).toEqual(expected.normalised)
    }),
    { numRuns: 2_000 },
  )
})

test('amounts whose share is a hair below or above a whole unit', () => {
  // Two amounts: the first is k / 2^32 of their sum, give or take a few rao in 2^62.
  const near = fc.tuple(
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    fc.bigInt({ min: 1n << 40n, max: 1n << 61n }),
    fc.bigInt({ min: -3n, max: 3n }),
  )
  fc.assert(
    fc.property(near, ([k, sum, off]) => {
      const first = (sum * BigInt(k)) / (1n << 32n) + off
      if (first < 0n || first > sum) return
      const shares = normaliseStake(BigUint64Array.of(first, sum - first))
      expect(BigInt(shares[0]!)).toBe((first << 32n) / sum)
      expect(BigInt(shares[1]!)).toBe(((sum - first) << 32n) / sum)
    }),
    { numRuns: 10_000 },
  )
})
