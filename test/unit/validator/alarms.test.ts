import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Metagraph, Neuron } from '../../../src/chain/getMetagraph.ts'
import { type AlarmFacts, alarmsOf, tellAlarms, validatorFaults } from '../../../src/validator/alarms.ts'
import { endpointLags } from '../../../src/validator/endpointLag.ts'
import { standingOf } from '../../../src/validator/standing.ts'
import { watchVtrust } from '../../../src/validator/vtrustWatch.ts'
import { makeWatchdog } from '../../../src/validator/watchdog.ts'
import { memoryLog } from './scratch.ts'

const standing = { vtrust: 0.9, othersVtrust: 0.9, dividends: 0.3, weightAgeBlocks: 300, hasPermit: true }
const well: AlarmFacts = {
  standing,
  isBehindInVtrust: false,
  tempoBlocks: 360,
  rateLimitBlocks: 100,
  activityCutoffBlocks: 5_000,
  missedEpoch: undefined,
  silentMs: 12_000,
  headAgeMs: 14_000,
  endpoints: [],
}
const names = (facts: Partial<AlarmFacts>): string[] =>
  alarmsOf({ ...well, ...facts }).map(({ alarm, level }) => `${alarm} ${level}`)
const faults = (facts: Partial<AlarmFacts>): string[] => validatorFaults({ ...well, ...facts })

test('all is well: no alarm, no fault', () => {
  expect(names({})).toEqual([])
  expect(faults({})).toEqual([])
})

test('old weights are an alarm, and a fault once the chain counts them no more', () => {
  const aged = (weightAgeBlocks: number) => ({ standing: { ...standing, weightAgeBlocks } })
  expect(names(aged(1_080))).toEqual([])
  expect(names(aged(1_081))).toEqual(['weight-age warn'])
  expect(faults(aged(5_000))).toEqual([])
  expect(names(aged(5_001))).toEqual(['weight-age error'])
  expect(faults(aged(5_001))).toEqual(['weights are 5001 blocks old, and count for nothing after 5000'])
  // A subnet that takes weights seldom makes them old.
  expect(names({ ...aged(1_900), rateLimitBlocks: 1_000 })).toEqual([])
  // Without a permit there are none to be old; that is the fault then.
  const without = { standing: { ...standing, weightAgeBlocks: 9_000, hasPermit: false } }
  expect(names(without)).toEqual([])
  expect(faults(without)).toEqual(['no validator permit: weights are not taken; the largest stakes get one'])
})

test('each other trouble has its alarm, and is a fault where it keeps the validator from its work', () => {
  expect(names({ missedEpoch: 7 })).toEqual(['reveal-missed error'])
  expect(faults({ missedEpoch: 7 })[0]).toContain('epoch 7')
  expect(names({ headAgeMs: 91_000 })).toEqual(['chain-lag warn'])
  expect(faults({ headAgeMs: 91_000 })).toEqual([])
  expect(names({ isBehindInVtrust: true })).toEqual(['vtrust warn'])
  expect(faults({ standing: undefined })[0]).toContain('not registered')
  expect(faults({ silentMs: 301_000 })[0]).toContain('has not answered for 301 s')
})

test('an endpoint that is behind the others, or does not answer, is told by its address', () => {
  const lags = endpointLags([
    ['ws://a', { best: 100, finalised: 97 }],
    ['ws://b', { best: 94, finalised: 91 }],
    ['ws://c', { best: 99, finalised: 90 }],
    ['ws://d', { problem: 'no answer within 10000 ms' }],
  ])
  expect(alarmsOf({ ...well, endpoints: lags }).map(({ text }) => text)).toEqual([
    'ws://b is 6 blocks behind the other endpoints',
    'ws://c is 7 finalised blocks behind the other endpoints',
    'ws://d does not answer: no answer within 10000 ms',
  ])
  expect(endpointLags([['ws://d', { problem: 'gone' }]])).toEqual([{ endpoint: 'ws://d', problem: 'gone' }])
})

test('an alarm is logged when it begins, each hour, and when it is over', () => {
  let nowMs = 0
  const { log, lines } = memoryLog()
  const tell = tellAlarms(log, () => nowMs)
  const old = (weightAgeBlocks: number) => alarmsOf({ ...well, standing: { ...standing, weightAgeBlocks } })
  tell(old(2_000))
  tell(old(2_001))
  expect(lines.map(({ level, alarm }) => [level, alarm])).toEqual([[40, 'weight-age']])
  nowMs = 3_600_000
  tell(old(2_301))
  expect(lines).toHaveLength(2)
  // Worse is news.
  tell(old(6_000))
  tell([])
  expect(lines.slice(2).map(({ level, alarm, msg }) => [level, alarm, msg.split(':')[0]])).toEqual([
    [50, 'weight-age', 'weights are 6000 blocks old, and count for nothing after 5000'],
    [30, 'weight-age', 'over'],
  ])
})

test('vtrust falls behind only where it is clearly lower in each of the last three epochs', () => {
  const watch = watchVtrust()
  const epochs = (gaps: readonly number[], first: number): boolean => {
    for (const [i, gap] of gaps.entries()) watch.note(first + i, { vtrust: 0.9 - gap, othersVtrust: 0.9 })
    return watch.isBehind
  }
  expect(epochs([0.2, 0.2], 0)).toBe(false)
  // Within an epoch the last figure counts.
  watch.note(2, { vtrust: 0.9, othersVtrust: 0.9 })
  watch.note(2, { vtrust: 0.1, othersVtrust: 0.9 })
  expect(watch.isBehind).toBe(true)
  expect(epochs([0.05], 3)).toBe(false)
  expect(epochs([0.2, 0.2], 4)).toBe(false)
  expect(epochs([0.2], 6)).toBe(true)
  // Nobody to be behind.
  watch.note(7, { vtrust: 0, othersVtrust: undefined })
  expect(watch.isBehind).toBe(false)
})

test('the standing is among the other active validators with a permit', () => {
  const neuron = (uid: number, more: Partial<Neuron>) =>
    ({
      uid,
      hotkey: `h${uid}`,
      validatorPermit: true,
      active: true,
      validatorTrust: 0,
      dividends: 0,
      lastUpdate: 90n,
      ...more,
    }) as Neuron
  const metagraph = {
    block: 100,
    ownerHotkey: 'h5',
    neurons: [
      neuron(0, { validatorTrust: 65_535, dividends: 13_107 }),
      neuron(1, { validatorTrust: 6_553.5 }),
      neuron(2, { validatorTrust: 13_107 }),
      neuron(3, { validatorTrust: 65_535, active: false }),
      neuron(4, { validatorTrust: 65_535, validatorPermit: false }),
      neuron(5, { validatorPermit: false }),
    ],
  } as unknown as Metagraph
  const own = standingOf(metagraph, 'h0')!
  expect(own).toEqual({
    vtrust: 1,
    othersVtrust: 0.15000000000000002,
    dividends: 0.2,
    weightAgeBlocks: 10,
    hasPermit: true,
  })
  expect(standingOf(metagraph, 'h4')!.hasPermit).toBe(false)
  // The owner's hotkey may set weights without one.
  expect(standingOf(metagraph, 'h5')!.hasPermit).toBe(true)
  expect(standingOf(metagraph, 'nobody')).toBeUndefined()
})

test('the watchdog barks exactly when a pulse has been silent for too long', () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 400 }), pulse: fc.constantFrom('block', 'round') })
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 0, max: 500 }), (steps, ms) => {
      let nowMs = 0
      const watchdog = makeWatchdog(['block', 'round'], ms, () => nowMs)
      const last = { block: 0, round: 0 }
      for (const { after, pulse } of steps) {
        nowMs += after
        const silent = ms > 0 && (nowMs - last.block > ms || nowMs - last.round > ms)
        expect(watchdog.stalled() !== undefined).toBe(silent)
        watchdog.beat(pulse as 'block' | 'round')
        last[pulse as 'block' | 'round'] = nowMs
      }
    }),
  )
  let nowMs = 0
  const idle = makeWatchdog(['block'], 1_000, () => nowMs)
  nowMs = 2_000
  idle.beat('round')
  expect(idle.stalled()).toBe('no block was followed for 1 s')
})
