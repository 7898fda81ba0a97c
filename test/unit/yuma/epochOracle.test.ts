import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epoch } from '../../../src/yuma/epoch.ts'
import { namedOutput } from '../../../src/yuma/namedOutput.ts'
import { arbitrarySubnet, livelySubnet } from '../../oracle/arbitrarySubnet.ts'
import { epochInputOf } from '../../oracle/epochInputOf.ts'
import { epochOracle, type OracleInput } from '../../oracle/epochOracle.ts'

function expectEqual(subnet: OracleInput): ReturnType<typeof epochOracle> {
  const expected = epochOracle(subnet)
  expect(namedOutput(epoch(epochInputOf(subnet), { trace: true }))).toEqual(expected)
  return expected
}

test('the shipped epoch equals the BigInt one to the last bit, all outputs and intermediates', () => {
  fc.assert(
    fc.property(arbitrarySubnet(24), (subnet) => {
      expectEqual(subnet)
    }),
    { numRuns: 1_000 },
  )
})

test('also in subnets where everybody takes part, under each set of rules', () => {
  const paid = { 'Yuma 2': 0, 'Yuma 3': 0, 'Yuma 3, liquid alpha': 0 }
  fc.assert(
    fc.property(livelySubnet(16), (subnet) => {
      const { trace } = expectEqual(subnet)
      const rules = !subnet.yuma3 ? 'Yuma 2' : subnet.liquidAlpha ? 'Yuma 3, liquid alpha' : 'Yuma 3'
      if (trace.dividends.filter((share) => share !== '0').length > 1) paid[rules]++
    }),
    { numRuns: 1_000 },
  )
  // Most of them pay dividends to several validators: what is compared is not merely zeros.
  for (const count of Object.values(paid)) expect(count).toBeGreaterThan(130)
})
