import { describe, expect, test } from 'vitest'
import { mixBenchmark } from '../../../../src/cli/benchmark/mixBenchmark.ts'
import { generateTasks } from '../../../../src/domain/generateTasks.ts'
import { loadValidator } from '../../../../src/domain/load.ts'
import { cuadFiles, finqaFiles, legalbenchFiles, medqaFiles, medqaLine, phrasebankFiles, writeSet } from './setFiles.ts'

const medicine = await loadValidator('medicine')
const law = await loadValidator('law')
const flags = (dataset: string, files: Record<string, string | Buffer>, share = 0.05) => ({
  'benchmark.dataset': dataset,
  'benchmark.path': writeSet(files),
  'benchmark.share': share,
})

test('a share of one domain is public questions, scored by its own scorer; all else stays what it was', () => {
  const [mixed, other] = mixBenchmark([medicine, law], flags('medqa', medqaFiles))
  expect(other).toBe(law)
  const own = [...generateTasks(medicine, { seed: 's', count: 2_000 })]
  const tasks = [...generateTasks(mixed!, { seed: 's', count: 2_000 })]
  const isPublic = tasks.map(({ question }) => question.includes('vitamin'))
  const count = isPublic.filter(Boolean).length
  // Three standard deviations around 5 % of 2,000.
  expect(count).toBeGreaterThan(70)
  expect(count).toBeLessThan(130)
  expect(tasks.filter((_, i) => !isPublic[i])).toEqual(own.filter((_, i) => !isPublic[i]))
  const task = tasks.find(({ question }) => question.includes(medqaLine.question))!
  expect(task).toMatchObject({ domain: 'medicine', chance: 0.25, truth: { kind: 'choice', letter: 'B' } })
  expect(task.question.endsWith('with the letter of the right option: A, B, C, D.')).toBe(true)
  expect([mixed!.score(task, 'Answer: B'), mixed!.score(task, 'Answer: C'), mixed!.score(task, 'B')]).toEqual([1, 0, 0])
})

test('labels are scored too; without a set the validators are what they were', () => {
  const [mixed] = mixBenchmark([law], flags('legalbench', legalbenchFiles, 0.09))
  const task = [...generateTasks(mixed!, { seed: 's', count: 500 })].find(({ question }) =>
    question.includes('midnight'),
  )!
  expect([mixed!.score(task, 'Answer: No'), mixed!.score(task, 'Answer: Yes'), task.chance]).toEqual([1, 0, 0.5])
  const none = { 'benchmark.dataset': undefined, 'benchmark.path': undefined, 'benchmark.share': 0.05 }
  expect(mixBenchmark([law], none)).toEqual([law])
})

describe('is refused', () => {
  test.each([
    ['a tenth or more', () => mixBenchmark([medicine], flags('medqa', medqaFiles, 0.1)), '--benchmark.share'],
    ['no share', () => mixBenchmark([medicine], flags('medqa', medqaFiles, 0)), '--benchmark.share'],
    ['no number', () => mixBenchmark([medicine], flags('medqa', medqaFiles, Number.NaN)), '--benchmark.share'],
    ['a set of another domain', () => mixBenchmark([law], flags('medqa', medqaFiles)), '--benchmark.dataset'],
    ['a set of passages', () => mixBenchmark([law], flags('cuad', cuadFiles)), '--benchmark.dataset'],
    ['no path', () => mixBenchmark([law], { ...flags('cuad', {}), 'benchmark.path': undefined }), '--benchmark.path'],
  ])('%s', (_what, mix, field) => {
    expect(mix).toThrow(expect.objectContaining({ failure: expect.objectContaining({ field }) }))
  })

  test('a set of programs, and a set that is not for commerce', async () => {
    const finance = await loadValidator('finance')
    expect(() => mixBenchmark([finance], flags('finqa', finqaFiles))).toThrow('--benchmark.dataset')
    expect(() => mixBenchmark([finance], flags('financial-phrasebank', phrasebankFiles))).toThrow(
      expect.objectContaining({ mend: 'a validator earns with what it asks, and its licence is CC BY-NC-SA 3.0' }),
    )
  })
})
