import { beforeAll, describe, expect, test } from 'vitest'
import { attacks, earnedBy } from './report/attacks.ts'
import { crowd } from './report/casts.ts'
import { playSubnet, type Standing } from './report/playSubnet.ts'
import { noise } from './report/report.ts'

// The short form of `npm run attacks`: every attack at once, all defences in place. What each would earn without its defence
// is in test/long/attacks.test.ts and docs/attacks.md; what copied weights earn is in unit/validator/sim/weightCopying.test.ts.

describe('on one subnet with every attack at once', () => {
  let standing: Standing
  const of = (name: string): number => standing.incentive.get(name)!

  beforeAll(async () => {
    standing = (await playSubnet(crowd(), {}, 300)).at(-1)!
  }, 240_000)

  test('honest miners earn by their quality', () => {
    expect(of('expert-1')).toBeGreaterThan(1.5 * of('novice'))
    expect(of('expert-2')).toBeGreaterThan(1.5 * of('novice'))
    expect(of('novice')).toBeGreaterThan(0)
  })

  test.each(
    attacks
      .filter((attack) => attack.cast === crowd && attack.most !== null)
      .map((attack) => [attack.name, attack] as const),
  )('%s earns no more than its target', (_, attack) => {
    expect(earnedBy(attack, standing).times).toBeLessThanOrEqual(noise * attack.most!)
  })

  test('who announces the axon of another gets nothing, and takes nothing from it', () => {
    expect(of('squatter')).toBe(0)
    expect(of('landlord')).toBeGreaterThan(0.7 * ((of('expert-1') + of('expert-2')) / 2))
  })
})
