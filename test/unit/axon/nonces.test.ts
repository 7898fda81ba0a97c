import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NonceLimits, Nonces } from '../../../src/axon/nonces.ts'

const limits: NonceLimits = { maxAgeMs: 16_000, aheadMs: 2_000, maxNonces: 1_000, maxNoncesPerHotkey: 100 }
const startMs = 1_800_000_000_000
/** Late enough that the start does not matter. */
const nowMs = startMs + 60_000
const options = { maxAgeMs: 10_000 }

function nonce(name: string, madeAtMs = nowMs, hotkey = 'alice') {
  return { hotkey, nonce: name, madeAtMs }
}

describe('a request', () => {
  test.each([
    ['of now', nowMs, undefined],
    ['as old as may be', nowMs - 10_000, undefined],
    ['older', nowMs - 10_001, 'stale-nonce'],
    ['as far ahead as may be', nowMs + 2_000, undefined],
    ['further ahead', nowMs + 2_001, 'future-nonce'],
  ])('%s', (_what, madeAtMs, fault) => {
    expect(new Nonces(limits, startMs).check(nonce('a', madeAtMs), nowMs, options)).toBe(fault)
  })

  test('is taken once, whatever is taken beside it', () => {
    const nonces = new Nonces(limits, startMs)
    expect(nonces.take(nonce('a'), nowMs)).toBeUndefined()
    expect(nonces.take(nonce('b'), nowMs)).toBeUndefined()
    expect(nonces.take(nonce('a', nowMs, 'bob'), nowMs)).toBeUndefined()
    expect(nonces.take(nonce('a'), nowMs + 3_000)).toBe('replayed')
    expect(nonces.check(nonce('a'), nowMs + 3_000, options)).toBe('replayed')
    expect(nonces.size).toBe(3)
  })

  test('that is only checked is not remembered', () => {
    const nonces = new Nonces(limits, startMs)
    nonces.check(nonce('a'), nowMs, options)
    expect(nonces.take(nonce('a'), nowMs)).toBeUndefined()
  })

  test('from before the start is refused, also one of a clock that is ahead: it may have been taken then', () => {
    const nonces = new Nonces(limits, startMs)
    expect(nonces.check(nonce('a', startMs + 1_999), startMs + 500, options)).toBe('stale-nonce')
    expect(nonces.check(nonce('a', startMs + 2_000), startMs + 500, options)).toBeUndefined()
  })

  test('from the future, where it is allowed, is remembered until it is past', () => {
    const nonces = new Nonces(limits, startMs)
    const ahead = nonce('a', nowMs + 86_400_000)
    expect(nonces.check(ahead, nowMs, { ...options, mayBeAhead: true })).toBeUndefined()
    expect(nonces.take(ahead, nowMs)).toBeUndefined()
    for (let i = 0; i < 50; i++) nonces.take(nonce('b', nowMs + i * 20_000), nowMs + i * 20_000)
    expect(nonces.take(ahead, nowMs + 86_400_000)).toBe('replayed')
  })

  test('that was dropped stays refused when the clock is set back', () => {
    const nonces = new Nonces(limits, startMs)
    expect(nonces.take(nonce('a'), nowMs)).toBeUndefined()
    expect(nonces.take(nonce('b', nowMs + 40_000), nowMs + 40_000)).toBeUndefined()
    expect(nonces.size).toBe(1)
    expect(nonces.take(nonce('a'), nowMs)).toBe('stale-nonce')
  })
})

describe('a full store refuses and forgets nothing', () => {
  test('for one hotkey, while others are served', () => {
    const nonces = new Nonces(limits, startMs)
    for (let i = 0; i < 100; i++) expect(nonces.take(nonce(`${i}`), nowMs)).toBeUndefined()
    expect(nonces.take(nonce('more'), nowMs)).toBe('too-many-nonces')
    expect(nonces.take(nonce('0'), nowMs)).toBe('replayed')
    expect(nonces.take(nonce('0', nowMs, 'bob'), nowMs)).toBeUndefined()
  })

  test('for all, until time has made room', () => {
    const nonces = new Nonces({ ...limits, maxNonces: 5 }, startMs)
    for (let i = 0; i < 5; i++) nonces.take(nonce('a', nowMs, `caller ${i}`), nowMs)
    expect(nonces.take(nonce('a'), nowMs)).toBe('too-many-nonces')
    expect(nonces.take(nonce('a', nowMs, 'caller 0'), nowMs)).toBe('replayed')
    const laterMs = nowMs + 18_000
    expect(nonces.take(nonce('a', laterMs), laterMs)).toBeUndefined()
    expect(nonces.size).toBe(1)
  })
})

test('no request is ever taken twice, and memory stays within its bound', () => {
  const step = fc.record({
    waitMs: fc.nat({ max: 6_000 }),
    ageMs: fc.integer({ min: -3_000, max: 18_000 }),
    hotkey: fc.constantFrom('alice', 'bob'),
    again: fc.option(fc.nat({ max: 200 })),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const nonces = new Nonces({ ...limits, maxNonces: 20, maxNoncesPerHotkey: 15 }, startMs)
      const taken: ReturnType<typeof nonce>[] = []
      let clockMs = nowMs
      for (const [i, { waitMs, ageMs, hotkey, again }] of steps.entries()) {
        clockMs += waitMs
        const old = again === null ? undefined : taken[again]
        const one = old ?? nonce(`${i}`, clockMs - ageMs, hotkey)
        const good = nonces.check(one, clockMs, { maxAgeMs: limits.maxAgeMs }) === undefined
        const isTaken = good && nonces.take(one, clockMs) === undefined
        if (old !== undefined) expect(isTaken).toBe(false)
        else if (isTaken) taken.push(one)
        expect(nonces.size).toBeLessThanOrEqual(20)
      }
    }),
  )
})
