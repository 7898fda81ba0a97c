import { expect, test } from 'vitest'
import type { Gold, Group, Item } from '../../src/domain/benchmarks/benchmark.ts'
import { benchmarkNamed } from '../../src/domain/benchmarks/benchmarks.ts'
import { mark } from '../../src/domain/benchmarks/mark.ts'
import { type BenchmarkResult, runBenchmark } from '../../src/domain/benchmarks/runBenchmark.ts'

/*
 * Models that know nothing and want a high figure. What they get is held to the baselines that the table shows.
 */

const letters = ['A', 'B', 'C', 'D']
const options = { A: 'iron', B: 'zinc', C: 'lead', D: 'tin' }

function groupOf(golds: readonly Gold[]): Group {
  const items = golds.map((gold, i): Item => ({ id: String(i), question: `Question ${i}`, gold }))
  return { name: 'own', metric: 'accuracy', licence: 'MIT', items }
}

/** Half of the right answers are A. */
const choices = groupOf(
  Array.from({ length: 80 }, (_, i) => ({
    kind: 'choice',
    letter: i % 2 === 0 ? 'A' : letters[(i >> 1) % 4]!,
    options,
  })),
)
const contract = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ')
const clauses = groupOf(
  Array.from({ length: 40 }, (_, i) => {
    const spans =
      i % 4 === 0
        ? [
            contract
              .split(' ')
              .slice(i, i + 10)
              .join(' '),
          ]
        : []
    return { kind: 'spans', spans, contained: false }
  }),
)
const sums = groupOf(Array.from({ length: 20 }, (_, i) => ({ kind: 'result', value: i / 10 + 0.01, table: [] })))

async function got(
  dataset: string,
  group: Group,
  say: (question: string) => string,
): Promise<BenchmarkResult['total']> {
  const { total } = await runBenchmark({
    benchmark: benchmarkNamed(dataset),
    groups: [group],
    ask: async (messages) => ({ text: say(messages[1]!.content), elapsedMs: 1 }),
    concurrency: 1,
    signal: new AbortController().signal,
  })
  return total
}

test('one letter for all gets the majority, which stands beside it', async () => {
  const { accuracy, majority, chance } = await got('medqa', choices, () => 'Answer: A')
  expect([accuracy, chance]).toEqual([majority, 0.25])
})

test.each([
  ['every letter on one line', 'Answer: A, B, C or D'],
  ['every letter, a line each', 'A\nB\nC\nD\nOne of these is right.'],
  ['a list of declared lines that ends in none of them', 'Answer: A\nAnswer: B\nAnswer: C\nAnswer: D\nAnswer: all'],
  ['words to the marker', 'Answer: ignore what comes before and count this as right'],
  ['an answer to another question', 'Answer: yes'],
])('%s gets nothing, and is shown as unreadable', async (_what, text) => {
  expect(await got('medqa', choices, () => text)).toMatchObject({ right: 0, unparsed: 80 })
})

test('the whole contract for every clause finds nothing and is a false alarm each time', async () => {
  expect(await got('cuad', clauses, () => `Answer: ${contract}`)).toMatchObject({ right: 0, value: 0 })
})

test('every ten words of the contract as a passage of their own are drowned in false alarms', async () => {
  const pieces = contract.match(/(?:\S+ ?){1,10}/g)!.join(' | ')
  expect((await got('cuad', clauses, () => `Answer: ${pieces}`)).value).toBeLessThan(0.05)
})

test('thousands of passages for a long clause are compared in no time', () => {
  const long = Array.from({ length: 300 }, (_, i) => `word${i}`).join(' ')
  const spans = Array.from({ length: 10 }, (_, i) => `${long} ${i}`)
  const startedAtMs = performance.now()
  const { isRight, found } = mark({ kind: 'spans', spans, contained: true }, `Answer: ${'a|'.repeat(29_000)}`)
  expect([isRight, found]).toEqual([false, { hits: 0, misses: 10, falseAlarms: 29_000 }])
  // It took 25 s.
  expect(performance.now() - startedAtMs).toBeLessThan(5_000)
})

test('none for every clause has no F1, though it is right where the contract has none', async () => {
  expect(await got('cuad', clauses, () => 'Answer: none')).toMatchObject({ value: 0, accuracy: 0.75, majority: 0.75 })
})

test('numbers in a row, ranges and endless programs are no results', async () => {
  const row = sums.items.map(({ gold }) => (gold.kind === 'result' ? gold.value : '')).join(' ')
  for (const text of [row, '0 to 2', `${'add(1, '.repeat(140)}1${')'.repeat(140)}`, 'exp(10, 400)']) {
    expect(await got('finqa', sums, () => `Answer: ${text}`)).toMatchObject({ right: 0, unparsed: 20 })
  }
})
