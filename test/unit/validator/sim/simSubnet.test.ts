import { expect, test } from 'vitest'
import { SimSubnet } from '../../../../src/validator/sim/simSubnet.ts'
import { newSubnet, type SubnetRules } from '../../../../src/validator/sim/subnetRules.ts'

const stake = 1_000_000_000_000n

/** Validators `a` (three times the stake) and `b` at uids 0 and 1, miners `x` and `y` at 2 and 3. */
function subnetOf(rules: Partial<SubnetRules> = {}): SimSubnet {
  const neurons = [3n * stake, stake, 0n, 0n].map((alphaRao, i) => ({ hotkey: 'abxy'[i]!, alphaRao, rootRao: 0n }))
  return new SimSubnet({ ...newSubnet, minNonImmune: 0, maxNeurons: 4, ...rules }, neurons)
}

const epoch = (subnet: SubnetSends, ...sends: [uid: number, x: number, y: number][]) => {
  subnet.begin()
  for (const [uid, x, y] of sends) subnet.send(uid, { uids: [2, 3], values: [x, y] })
  return subnet.end()
}
type SubnetSends = Pick<SimSubnet, 'begin' | 'send' | 'end'>

test('open weights are in force at once, committed ones when so many epochs have passed', () => {
  const open = epoch(subnetOf({ revealEpochs: 0 }), [0, 65_535, 0], [1, 65_535, 0])
  expect([...open.incentive]).toEqual([0, 0, 65_535, 0])
  for (const revealEpochs of [1, 3]) {
    const subnet = subnetOf({ revealEpochs })
    for (let i = 0; i < revealEpochs; i++) {
      expect(epoch(subnet, [0, 65_535, 0], [1, 65_535, 0]).incentive.every((share) => share === 0)).toBe(true)
    }
    expect([...epoch(subnet, [0, 0, 65_535], [1, 0, 65_535]).incentive]).toEqual([0, 0, 65_535, 0])
  }
})

test('what others will be paid for cannot be read before its reveal', () => {
  const subnet = subnetOf({ revealEpochs: 1 })
  subnet.begin()
  subnet.send(0, { uids: [2, 3], values: [65_535, 0] })
  expect([...subnet.visibleConsensus(1)]).toEqual([0, 0, 0, 0])
  subnet.end()
  subnet.begin()
  expect(subnet.visibleConsensus(1)[2]).toBe(65_535)
})

test('dividends follow agreement: who weighs against the majority earns less by stake', () => {
  const subnet = subnetOf({ revealEpochs: 0 })
  let output = epoch(subnet, [0, 65_535, 0], [1, 0, 65_535])
  for (let i = 0; i < 5; i++) output = epoch(subnet, [0, 65_535, 0], [1, 0, 65_535])
  expect(Number(output.validatorEmission[1])).toBeLessThan(Number(output.validatorEmission[0]) / 100)
})

test('a newcomer on a full subnet takes the place of whom emission shows as worthless, and is not weighed for it', () => {
  const subnet = subnetOf({ revealEpochs: 1 })
  for (let i = 0; i < 3; i++) epoch(subnet, [0, 65_535, 100], [1, 65_535, 100])
  subnet.begin()
  expect(subnet.register({ hotkey: 'new', alphaRao: 0n, rootRao: 0n })).toBe(3)
  expect(subnet.hotkeys).toEqual(['a', 'b', 'x', 'new'])
  expect(subnet.end().incentive[3]).toBe(0)
  // It is immune now, and so the next one takes the place of another: a validator keeps its own by its dividends.
  epoch(subnet, [0, 65_535, 65_535], [1, 65_535, 65_535])
  expect(epoch(subnet, [0, 65_535, 65_535], [1, 65_535, 65_535]).incentive[3]).toBeGreaterThan(30_000)
})

test('one without a permit sets nothing', () => {
  const subnet = subnetOf({ revealEpochs: 0 })
  subnet.begin()
  subnet.send(2, { uids: [3], values: [65_535] })
  expect(subnet.end().incentive.every((share) => share === 0)).toBe(true)
})
