import { describe, expect, test } from 'vitest'
import type { Group } from '../../../../src/domain/benchmarks/benchmark.ts'
import { benchmarkNamed } from '../../../../src/domain/benchmarks/benchmarks.ts'
import { type Asker, type RunOptions, runBenchmark } from '../../../../src/domain/benchmarks/runBenchmark.ts'
import { sampleGroups } from '../../../../src/domain/benchmarks/sampleGroups.ts'

const labels = ['yes', 'no']
const group = (name: string, size: number): Group => ({
  name,
  metric: 'balanced accuracy',
  licence: 'MIT',
  items: Array.from({ length: size }, (_, i) => ({
    id: `${name}${i}`,
    question: `${name} ${i}?`,
    gold: { kind: 'label', label: labels[i % 2]!, labels },
  })),
})
const sayYes: Asker = async () => ({ text: 'Answer: yes', elapsedMs: 5 })
const run = (groups: readonly Group[], ask: Asker, more: Partial<RunOptions> = {}) =>
  runBenchmark({
    benchmark: benchmarkNamed('legalbench'),
    groups,
    ask,
    concurrency: 3,
    signal: new AbortController().signal,
    ...more,
  })

test('every question is put once, in the documented form, so many at a time', async () => {
  const asked: string[] = []
  let [now, most] = [0, 0]
  const result = await run([group('a', 6), group('b', 3)], async (messages) => {
    most = Math.max(most, ++now)
    asked.push(messages[1]!.content)
    expect(messages[0]).toEqual({
      role: 'system',
      content:
        'You may think first. Your last line must be the answer alone, in the form "Answer: …", ' +
        'with one of these: yes, no.',
    })
    await new Promise((resolve) => setTimeout(resolve, 2))
    now--
    return { text: 'Answer: yes', elapsedMs: 5 }
  })
  expect(asked.sort()).toEqual(['a 0?', 'a 1?', 'a 2?', 'a 3?', 'a 4?', 'a 5?', 'b 0?', 'b 1?', 'b 2?'])
  expect(most).toBe(3)
  expect(result.groups.map(({ name, right, value }) => [name, right, value])).toEqual([
    ['a', 3, 0.5],
    ['b', 2, 0.5],
  ])
  // The mean of the tasks, the majority of each.
  expect(result.total).toMatchObject({ questions: 9, right: 5, value: 0.5, metric: 'balanced accuracy' })
  expect(result.total.majority).toBeCloseTo(5 / 9, 12)
})

test('questions without an answer count as wrong, and why is counted', async () => {
  let i = 0
  const { total, problems } = await run([group('a', 20)], async () =>
    i++ % 2 === 0 ? { text: 'Answer: yes', elapsedMs: 5 } : { problem: 'too-long' },
  )
  expect(problems).toEqual({ 'too-long': 10 })
  expect(total).toMatchObject({ questions: 20, unanswered: 10 })
})

test('where none of the first questions is answered the rest is not tried', async () => {
  let asked = 0
  const ask: Asker = async () => {
    asked++
    return { problem: 'too-long' }
  }
  await expect(run([group('a', 500)], ask)).rejects.toMatchObject({ failure: { code: 'no-answers' }, mend: 'too-long' })
  expect(asked).toBeLessThan(20)
  // A set that is shorter than that is run to its end.
  expect((await run([group('a', 5)], ask)).total.unanswered).toBe(5)
})

test('what the asker throws ends the run, and the signal ends it too', async () => {
  const signals: AbortSignal[] = []
  const ask: Asker = async (_messages, signal) => {
    signals.push(signal)
    throw new Error('the device is gone')
  }
  await expect(run([group('a', 9)], ask)).rejects.toThrow('the device is gone')
  expect(signals.every((signal) => signal.aborted)).toBe(true)
  const stop = new AbortController()
  const stopping: Asker = async () => {
    stop.abort(new Error('stopped'))
    return { text: 'Answer: yes', elapsedMs: 1 }
  }
  await expect(run([group('a', 9)], stopping, { signal: stop.signal, concurrency: 1 })).rejects.toThrow('stopped')
})

describe('a sample', () => {
  const groups = [group('a', 30), group('b', 30), group('c', 1)]
  const ids = (limit: number | undefined, each: boolean, seed = '0'): string[] =>
    sampleGroups(groups, { limit, each, seed }).flatMap(({ items }) => items.map(({ id }) => id))

  test('is the same for the same seed, without repeats, and another for another', () => {
    expect(ids(10, false)).toEqual(ids(10, false))
    expect(new Set(ids(10, false)).size).toBe(10)
    expect(ids(10, false, '1')).not.toEqual(ids(10, false))
    expect(ids(undefined, false)).toHaveLength(61)
    expect(ids(99, false)).toHaveLength(61)
  })

  test('is of each group or of all together; groups without a question are left out', () => {
    const each = sampleGroups(groups, { limit: 4, each: true, seed: '0' })
    expect(each.map(({ items }) => items.length)).toEqual([4, 4, 1])
    expect(sampleGroups(groups, { limit: 1, each: false, seed: '0' })).toHaveLength(1)
    expect(sampleGroups([group('d', 0)], { limit: undefined, each: true, seed: '0' })).toEqual([])
  })
})

test('the runner keeps the outcomes in the order of the set, whoever is first', async () => {
  const texts = ['no', 'yes', 'yes', 'yes']
  let i = 0
  const slowFirst: Asker = async () => {
    const mine = i++
    await new Promise((resolve) => setTimeout(resolve, mine === 0 ? 20 : 1))
    return { text: `Answer: ${texts[mine]}`, elapsedMs: 1 }
  }
  // a0 is yes: the slow answer is the wrong one. a1 is no, a2 yes, a3 no.
  const { groups } = await run([group('a', 4)], slowFirst)
  expect(groups[0]!.right).toBe(1)
  expect((await run([group('a', 4)], sayYes)).groups[0]!.right).toBe(2)
})
