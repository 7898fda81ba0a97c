import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../../src/base/backoffMs.ts'
import { retryAfterMs } from '../../../src/base/retryAfterMs.ts'
import {
  type CircuitEvent,
  type CircuitState,
  closedCircuit,
  failuresToOpen,
  lets,
  nextCircuit,
  tripsOf,
} from '../../../src/engine/circuit.ts'

const events: readonly CircuitEvent[] = ['sent', 'answered', 'failed', 'dropped', 'well', 'ill']

const stateAfter = (...path: CircuitEvent[]): CircuitState => path.reduce(nextCircuit, closedCircuit)

describe('a circuit', () => {
  it('opens after failures in a row, and only in a row', () => {
    const failures = (count: number): CircuitEvent[] => new Array<CircuitEvent>(count).fill('failed')
    expect(stateAfter(...failures(failuresToOpen)).name).toBe('open')
    expect(stateAfter(...failures(failuresToOpen - 1), 'answered', ...failures(failuresToOpen - 1)).name).toBe('closed')
  })

  it('comes back by a check and one request on trial', () => {
    const halfOpen = stateAfter('ill', 'well')
    expect([lets(stateAfter('ill')), lets(halfOpen), lets(nextCircuit(halfOpen, 'sent'))]).toEqual([false, true, false])
    expect(stateAfter('ill', 'well', 'sent', 'answered')).toEqual(closedCircuit)
    expect(stateAfter('ill', 'well', 'sent', 'dropped')).toEqual(halfOpen)
    expect(stateAfter('ill', 'well', 'sent', 'failed')).toEqual({ name: 'open', trips: 2 })
  })

  it('whatever happens, lets nothing through while open, and at most one request on trial', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (path) => {
        let state: CircuitState = closedCircuit
        for (const event of path) {
          // No request is sent where none is let through.
          if (event === 'sent' && !lets(state)) continue
          const next = nextCircuit(state, event)
          if (state.name === 'open' && event !== 'well' && event !== 'ill') expect(next).toEqual(state)
          if (next.name === 'open') expect(lets(next)).toBe(false)
          if (state.name === 'half-open' && event === 'sent') expect(lets(next)).toBe(false)
          if (event === 'ill') expect(tripsOf(next)).toBe(tripsOf(state) + 1)
          if (next.name === 'closed') expect(next.failures).toBeLessThan(failuresToOpen)
          if (next.name === 'closed' && state.name !== 'closed') expect(event).toBe('answered')
          state = next
        }
      }),
    )
  })
})

describe('pauses', () => {
  it('double up to half a minute, with a lot drawn over the upper half', () => {
    expect([backoffMs(1, 0), backoffMs(1, 0.999)]).toEqual([125, expect.closeTo(249.875, 9)])
    expect([backoffMs(2, 0), backoffMs(3, 0), backoffMs(8, 0), backoffMs(1_000, 0)]).toEqual([250, 500, 15_000, 15_000])
  })

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('Retry-After %j is %j', (header, ms) => {
    expect(retryAfterMs(header, 1_000)).toBe(ms)
  })
})
