import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epoch } from '../../../src/yuma/epoch.ts'
import type { EpochTrace } from '../../../src/yuma/epochOutput.ts'
import { combineMechanisms } from '../../../src/yuma/mechanisms.ts'
import { pruningScores } from '../../../src/yuma/scores.ts'
import { livelySubnet } from '../../oracle/arbitrarySubnet.ts'
import { epochInputOf } from '../../oracle/epochInputOf.ts'

/** Trust from its definition, in whole numbers: rank by clipped weights over rank by the weights themselves. */
function trustOf({ weights, activeStake, consensus }: EpochTrace): number[] {
  const [clipped, whole] = [consensus.map(() => 0n), consensus.map(() => 0n)]
  for (const [uid, stake] of activeStake.entries()) {
    for (let k = weights.rowStart[uid]!; k < weights.rowStart[uid + 1]!; k++) {
      const target = weights.column[k]!
      const weight = weights.value[k]!
      const agreed = weight < consensus[target]! ? weight : consensus[target]!
      clipped[target]! += (agreed * stake) >> 32n
      whole[target]! += (weight * stake) >> 32n
    }
  }
  return Array.from(whole, (rank, uid) => {
    const trust = rank === 0n ? 0n : (clipped[uid]! << 32n) / rank
    return Number((trust * 65_535n) >> 32n)
  })
}

test('rank is the incentive, trust the share of it that clipping leaves, and only who asks gets them', () => {
  let clippedOnes = 0
  fc.assert(
    fc.property(livelySubnet(16), (subnet) => {
      const input = epochInputOf(subnet)
      expect(epoch(input).scores).toBeUndefined()
      const { scores, trace, incentive } = epoch(input, { trace: true, scores: true })
      expect(scores!.rank).toEqual(incentive)
      expect([...scores!.trust]).toEqual(trustOf(trace!))
      clippedOnes += scores!.trust.filter((trust) => trust > 0 && trust < 65_535).length
    }),
    { numRuns: 300 },
  )
  expect(clippedOnes).toBeGreaterThan(300)
})

test('the highest emission has the highest pruning score; mechanisms blend by share', () => {
  const half = 2 ** 31
  expect([...pruningScores(Float64Array.of(half, half / 2, 0, half / 3))]).toEqual([65_535, 32_767, 0, 21_845])
  expect([...pruningScores(new Float64Array(2))]).toEqual([0, 0])
  expect([...pruningScores(new Float64Array(0))]).toEqual([])
  fc.assert(
    fc.property(livelySubnet(8), (subnet) => {
      const output = epoch(epochInputOf(subnet), { trace: false, scores: true })
      if (output.emission.some((amount) => amount > 0n)) expect(Math.max(...output.scores!.pruning)).toBe(65_535)
      const blended = combineMechanisms([output, output], [5n, 5n], 10n).scores!
      for (const [uid, rank] of output.scores!.rank.entries()) expect(rank - blended.rank[uid]!).toBeOneOf([0, 1])
    }),
    { numRuns: 50 },
  )
})
