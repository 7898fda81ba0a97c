import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSampler } from '../../../src/engine/sampler.ts'

const logits = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 })

function shares(values: readonly number[], temperature: number): number[] {
  const top = Math.max(...values)
  const powers = values.map((value) => Math.exp((value - top) / temperature))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

describe('greedy sampling', () => {
  it('takes the largest logit, the lowest id on ties, and tells its probability', () => {
    fc.assert(
      fc.property(logits, (values) => {
        const { id, probability } = makeSampler({ temperature: 0 })(Float32Array.from(values))
        expect(id).toBe(values.indexOf(Math.max(...values)))
        expect(probability).toBeCloseTo(Math.max(...shares(values, 1)), 5)
      }),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses logits that hold %d', (bad) => {
    for (const temperature of [0, 1]) {
      expect(() => makeSampler({ temperature, seed: 1 })(Float32Array.of(0, bad))).toThrow(/not numbers/)
    }
  })
})

describe('seeded sampling', () => {
  it('draws the same tokens from the same seed', () => {
    fc.assert(
      fc.property(logits, fc.integer(), (values, seed) => {
        const row = Float32Array.from(values)
        const draws = () => {
          const sample = makeSampler({ temperature: 1, seed })
          return Array.from({ length: 8 }, () => sample(row).id)
        }
        expect(draws()).toEqual(draws())
      }),
    )
  })

  it('draws each token about as often as its probability says', () => {
    const values = [2, 1, 0, -1]
    const sample = makeSampler({ temperature: 0.7, seed: 5 })
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 20_000; i++) counts[sample(Float32Array.from(values)).id]!++
    // Five standard deviations of a share near one half over so many draws.
    shares(values, 0.7).forEach((share, id) => {
      expect(Math.abs(counts[id]! / 20_000 - share)).toBeLessThan(0.018)
    })
  })

  it('draws from a topK near the vocabulary as without one, and in no more time', () => {
    const logits = Float32Array.from({ length: 60_000 }, (_, id) => Math.sin(id * 12.9898) * 10)
    const all = logits.length
    const startMs = performance.now()
    const ids = Array.from({ length: 8 }, (_, seed) => makeSampler({ temperature: 10, topK: all - 1, seed })(logits).id)
    // One by one each into its place, these took ten times as long.
    expect(performance.now() - startMs).toBeLessThan(5_000)
    const ranked = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b)
    expect(ids).not.toContain(ranked.at(-1))
    expect(new Set(ids).size).toBeGreaterThan(4)
    const few = Array.from({ length: 8 }, (_, seed) => makeSampler({ temperature: 10, topK: 5_000, seed })(logits).id)
    const top = new Set(ranked.slice(0, 5_000))
    expect(few.every((id) => top.has(id))).toBe(true)
  })

  it('keeps to the cut-offs: topK, then topP of what is left, then minP', () => {
    const limits = fc.record({
      topK: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
      topP: fc.option(fc.double({ min: 0.01, max: 1, noNaN: true }), { nil: undefined }),
      minP: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    })
    fc.assert(
      fc.property(logits, limits, fc.integer(), (values, { topK, topP, minP }, seed) => {
        const row = Float32Array.from(values)
        const settings = {
          temperature: 1.3,
          seed,
          ...(topK !== undefined && { topK }),
          ...(topP !== undefined && { topP }),
          ...(minP !== undefined && { minP }),
        }
        const sample = makeSampler(settings)
        const drawn = Array.from({ length: 6 }, () => sample(row).id)
        const allowed = keptBySpelling([...row], settings)
        for (const id of drawn) expect(allowed).toContain(id)
      }),
    )
  })
})

/** The cut-offs written down plainly; generous by a rounding error at each border. */
function keptBySpelling(
  values: readonly number[],
  { topK, topP, minP }: { topK?: number; topP?: number; minP?: number },
): number[] {
  const ranked = shares(values, 1.3)
    .map((share, id) => ({ id, share }))
    .sort((a, b) => b.share - a.share || a.id - b.id)
  const limited = ranked.slice(0, topK ?? ranked.length)
  const total = limited.reduce((sum, { share }) => sum + share, 0)
  const kept = []
  let held = 0
  for (const candidate of limited) {
    if (topP !== undefined && held > topP * total + 1e-9) break
    kept.push(candidate)
    held += candidate.share
  }
  return kept.filter(({ share }) => share >= (minP ?? 0) * ranked[0]!.share - 1e-9).map(({ id }) => id)
}
