import { expect, test } from 'vitest'
import { type AttackLine, attackNames, attackReport } from '../attacks/report/report.ts'

// Some minutes: ten subnets, each on a localnet of its own.
test('every attack earns no more than its target, and more where its defence is left out', {
  timeout: 1_800_000,
}, async () => {
  const { attacks, swap, weightCopying } = await attackReport(attackNames)
  const named = (lines: readonly AttackLine[]): string[] => lines.map(({ attack }) => attack)
  expect(named(attacks.filter(({ ok }) => !ok))).toEqual([])
  const defended = attacks.filter((line) => line.without !== null && line.most !== null)
  expect(named(defended.filter((line) => line.without!.times <= line.with.times))).toEqual([])
  expect(swap!.epochsUntilNoticed).toBeLessThanOrEqual(4)
  expect(weightCopying!.some(({ fromTheStart }) => fromTheStart <= 0.8)).toBe(true)
  expect(weightCopying!.some(({ settled }) => settled <= 0.8)).toBe(true)
})
