import { expect, test } from 'vitest'
import { usualCopying, weightCopying } from '../../../../src/validator/sim/weightCopying.ts'

const settledBy = (rules: Parameters<typeof weightCopying>[0]['rules']): number =>
  weightCopying({ ...usualCopying, miners: 16, seed: '1', ...(rules !== undefined && { rules }) }).settled

test('where weights are open, copying earns as much by stake as the work', () => {
  expect(settledBy({ revealEpochs: 0 })).toBeGreaterThanOrEqual(1)
})

test('commit-reveal makes copying worse, the longer the worse', () => {
  const [one, three, eight] = [1, 3, 8].map((revealEpochs) => settledBy({ revealEpochs })) as [number, number, number]
  expect(one).toBeLessThan(0.985)
  expect(three).toBeLessThan(one - 0.02)
  expect(eight).toBeLessThan(three - 0.04)
})

test('the default interval of one epoch does not bring a copier down to 80 %; eight with slower bonds do', () => {
  // The real arithmetic: docs/scoring.md, "Copied weights".
  expect(settledBy({})).toBeGreaterThan(0.9)
  expect(settledBy({ revealEpochs: 8, bondsMovingAverage: 975_000 })).toBeLessThan(0.8)
  expect(settledBy({ revealEpochs: 8, liquidAlpha: true, alphaLow: 1_638 })).toBeLessThan(0.8)
})

test('with squared scores five epochs do', () => {
  const options = { ...usualCopying, miners: 16, seed: '1', rules: { revealEpochs: 5 } }
  expect(weightCopying(options).settled).toBeGreaterThan(0.8)
  expect(weightCopying({ ...options, power: 2 }).settled).toBeLessThan(0.8)
})

test('over the first 50 epochs a copier that starts with the others, three epochs late, earns at most 80 %', () => {
  const { fromTheStart } = weightCopying({ ...usualCopying, miners: 16, seed: '1', rules: { revealEpochs: 3 } })
  expect(fromTheStart).toBeLessThan(0.8)
})
