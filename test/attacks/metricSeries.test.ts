import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AxonEvent } from '../../src/axon/axonEvent.ts'
import { makeMinerMetrics } from '../../src/miner/minerMetrics.ts'
import { wireErrorCodes } from '../../src/wire/wireError.ts'

const said = fc.string({ unit: 'binary', minLength: 12, maxLength: 24 })
const code = fc.constantFrom(...wireErrorCodes)
const event: fc.Arbitrary<AxonEvent> = fc.oneof(
  fc.record({
    type: fc.constant('answered' as const),
    hotkey: said,
    id: said,
    domain: said,
    completionTokens: fc.nat(),
    elapsedMs: fc.nat(),
  }),
  fc.record({ type: fc.constant('unanswered' as const), hotkey: said, id: said, domain: said, code }),
  fc.record({ type: fc.constant('refused' as const), remote: said, hotkey: said, code }),
  fc.record({ type: fc.constant('opened' as const), hotkey: said, remote: said }),
)

test('whatever callers name themselves, their asks and domains, a miner’s figures grow no further', () => {
  const { metrics, onEvent } = makeMinerMetrics(undefined)
  const before = metrics.text().split('\n').length
  fc.assert(
    fc.property(fc.array(event, { maxLength: 50 }), (events) => {
      for (const one of events) onEvent(one)
      const text = metrics.text()
      // At most one line for each outcome and each reason of a refusal.
      expect(text.split('\n').length).toBeLessThanOrEqual(before + 2 * wireErrorCodes.length)
      expect(
        [...text.matchAll(/\{(?!le=)[^}]*\}/g)].every(([label]) => /^\{(outcome|code)="[a-z-]+"\}$/.test(label)),
      ).toBe(true)
    }),
  )
})
