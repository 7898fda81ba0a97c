import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, chooseMiner, distrustMs } from '../../../src/gateway/chooseMiner.ts'

const nowMs = 1_000_000

const uids = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
const candidatesOf = (incentive: fc.Arbitrary<number>): fc.Arbitrary<Candidate[]> =>
  uids.chain((chosen) =>
    fc.tuple(
      ...chosen.map((uid) =>
        fc.record({
          uid: fc.constant(uid),
          incentive,
          running: fc.integer({ min: 0, max: 3 }),
          failedAtMs: fc.option(fc.integer({ min: nowMs - 2 * distrustMs, max: nowMs }), { nil: undefined }),
          namesModel: fc.constantFrom(
            () => false,
            (domain: string) => domain === 'law',
          ),
        }),
      ),
    ),
  )
const noIncentive = fc.constant(0)
const candidates = fc.oneof(
  candidatesOf(noIncentive),
  candidatesOf(fc.oneof(noIncentive, fc.integer({ min: 0, max: 65_535 }))),
)

const isDistrusted = ({ failedAtMs }: Candidate): boolean => failedAtMs !== undefined && failedAtMs > nowMs - distrustMs

describe('the order in which a domain’s miners are asked', () => {
  it('keeps every miner once, and leaves its input alone', () => {
    fc.assert(
      fc.property(candidates, (miners) => {
        const before = [...miners]
        const order = chooseMiner(miners, 'law', nowMs)
        expect(order.map(({ uid }) => uid).sort()).toEqual(miners.map(({ uid }) => uid).sort())
        expect(miners).toEqual(before)
      }),
    )
  })

  it('puts no miner behind one that is worse in the first thing in which they differ', () => {
    fc.assert(
      fc.property(candidates, (miners) => {
        const order = chooseMiner(miners, 'law', nowMs)
        const isScored = miners.some(({ incentive }) => incentive > 0)
        for (const [i, later] of order.entries()) {
          const sooner = order[i - 1]
          if (sooner === undefined) continue
          if (isDistrusted(sooner) !== isDistrusted(later)) expect(isDistrusted(later)).toBe(true)
          else if (sooner.incentive !== later.incentive) expect(sooner.incentive).toBeGreaterThan(later.incentive)
          else if (!isScored && sooner.namesModel('law') !== later.namesModel('law')) {
            expect(sooner.namesModel('law')).toBe(true)
          } else if (sooner.running !== later.running) expect(sooner.running).toBeLessThan(later.running)
          else expect(sooner.uid).toBeLessThan(later.uid)
        }
      }),
    )
  })

  it('does not depend on the order of the neurons', () => {
    fc.assert(
      fc.property(
        candidates.chain((miners) =>
          fc.tuple(fc.constant(miners), fc.shuffledSubarray(miners, { minLength: miners.length })),
        ),
        ([miners, shuffled]) => {
          expect(chooseMiner(shuffled, 'law', nowMs)).toEqual(chooseMiner(miners, 'law', nowMs))
        },
      ),
    )
  })

  it('asks the best one first, those without incentive after it, and one that has just failed last', () => {
    const miner = (uid: number, incentive: number, failedAtMs?: number): Candidate => ({
      uid,
      incentive,
      running: 0,
      failedAtMs,
      namesModel: () => uid === 5,
    })
    const miners = [
      miner(1, 0),
      miner(5, 0),
      miner(2, 900, nowMs - 1),
      miner(3, 300),
      miner(4, 800, nowMs - distrustMs),
    ]
    expect(chooseMiner(miners, 'law', nowMs).map(({ uid }) => uid)).toEqual([4, 3, 1, 5, 2])
    const unscored = miners.map((one) => ({ ...one, incentive: 0 }))
    expect(chooseMiner(unscored, 'law', nowMs).map(({ uid }) => uid)).toEqual([5, 1, 3, 4, 2])
  })
})
