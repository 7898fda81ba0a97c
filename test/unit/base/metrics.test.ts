import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Metrics } from '../../../src/base/metrics.ts'

describe('the text format of metrics', () => {
  test('has each kind of figure, in the order of their declaration', () => {
    const metrics = new Metrics()
    const asks = metrics.counter('asks_total', 'Asks by outcome.', [{ outcome: 'answered' }])
    const plain = metrics.counter('starts_total', 'Starts.')
    metrics.read('gauge', 'running', 'Answers being made.', () => 3)
    const seconds = metrics.histogram('answer_seconds', 'Time.', [0.1, 1])
    metrics.read('gauge', 'gpu_bytes', 'Not known now.', () => undefined)
    asks.add(2, { outcome: 'failed', why: 'x' })
    plain.add(1)
    for (const value of [0.1, 0.5, 7, Number.NaN]) seconds.observe(value)
    expect(metrics.text()).toBe(
      [
        '# HELP asks_total Asks by outcome.',
        '# TYPE asks_total counter',
        'asks_total{outcome="answered"} 0',
        'asks_total{outcome="failed",why="x"} 2',
        '# HELP starts_total Starts.',
        '# TYPE starts_total counter',
        'starts_total 1',
        '# HELP running Answers being made.',
        '# TYPE running gauge',
        'running 3',
        '# HELP answer_seconds Time.',
        '# TYPE answer_seconds histogram',
        'answer_seconds_bucket{le="0.1"} 1',
        'answer_seconds_bucket{le="1"} 2',
        'answer_seconds_bucket{le="+Inf"} 3',
        'answer_seconds_sum 7.6',
        'answer_seconds_count 3',
        '# HELP gpu_bytes Not known now.',
        '# TYPE gpu_bytes gauge',
        '',
      ].join('\n'),
    )
  })

  test('keeps one line a series whatever a label or help text holds, and gives the label back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (label, help) => {
        const metrics = new Metrics()
        metrics.read('gauge', 'a', help, () => [{ value: 1, labels: { l: label } }])
        const lines = metrics.text().split('\n')
        expect(lines).toHaveLength(4)
        const value = /^a\{l="((?:[^"\\\n]|\\["\\n])*)"\} 1$/s.exec(lines[2]!)?.[1]
        expect(value?.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))).toBe(label)
      }),
      { numRuns: 50 },
    )
  })

  test('a histogram counts every value once, below a bound or beyond all', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -10, max: 10 })), (values) => {
        const metrics = new Metrics()
        const histogram = metrics.histogram('h', 'H.', [-1, 0, 2.5])
        for (const value of values) histogram.observe(value)
        const counts = [...metrics.text().matchAll(/^h_bucket\{le="(.+)"\} (\d+)$/gm)].map(([, le, count]) => [
          le,
          Number(count),
        ])
        const below = (bound: number): number => values.filter((value) => value <= bound).length
        expect(counts).toEqual([
          ['-1', below(-1)],
          ['0', below(0)],
          ['2.5', below(2.5)],
          ['+Inf', values.length],
        ])
      }),
    )
  })

  test('refuses what would make figures wrong', () => {
    const metrics = new Metrics()
    const counter = metrics.counter('a_total', 'A.')
    expect(() => counter.add(-1)).toThrow(RangeError)
    expect(() => counter.add(Number.NaN)).toThrow(RangeError)
    expect(() => metrics.counter('a_total', 'A.')).toThrow('declared twice')
    expect(() => metrics.counter('a-b', 'A.')).toThrow('no metric name')
    expect(() => metrics.histogram('h', 'H.', [1, 1])).toThrow('do not rise')
  })
})
