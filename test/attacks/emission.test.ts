import { beforeAll, describe, expect, test } from 'vitest'
import { attacks, earnedBy } from './report/attacks.ts'
import { crowd } from './report/casts.ts'
import { playSubnet, type Standing } from './report/playSubnet.ts'
import { noise } from './report/report.ts'
import { copierShare, copyCase } from './report/weightCopying.ts'

// The short form of `npm run attacks`: every attack at once, all defences in place. What each would earn without its defence
// is in test/long/attacks.test.ts and docs/attacks.md.

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

describe('a validator that copies weights', () => {
  const rules = { revealPeriodEpochs: 2, liquidAlpha: false, power: 1 }

  test('earns more than honest ones where weights are set openly', () => {
    expect(copierShare(copyCase, { ...rules, revealPeriodEpochs: 0 })).toBeGreaterThan(1)
  })

  test('earns at most 80 % over 50 epochs with a reveal period of 2 epochs', () => {
    expect(copierShare(copyCase, rules)).toBeLessThanOrEqual(0.8)
  })

  test('earns at most 80 % later too, with squared scores and a reveal period of 4 epochs', () => {
    const later = { ...copyCase, warmUpEpochs: 50 }
    expect(copierShare(later, { ...rules, revealPeriodEpochs: 4, power: 2 })).toBeLessThanOrEqual(0.8)
  })
})
