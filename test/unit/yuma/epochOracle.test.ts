import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epoch } from '../../../src/yuma/epoch.ts'
import { namedOutput } from '../../../src/yuma/namedOutput.ts'
import { arbitrarySubnet } from '../../oracle/arbitrarySubnet.ts'
import { epochInputOf } from '../../oracle/epochInputOf.ts'
import { epochOracle } from '../../oracle/epochOracle.ts'

test('the shipped epoch equals the BigInt one to the last bit, all outputs and intermediates', () => {
  fc.assert(
    fc.property(arbitrarySubnet(24), (subnet) => {
      expect(namedOutput(epoch(epochInputOf(subnet), { trace: true }))).toEqual(epochOracle(subnet))
    }),
    { numRuns: 1500 },
  )
})
