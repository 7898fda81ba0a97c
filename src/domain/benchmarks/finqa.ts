import { z } from 'zod'
import type { Benchmark } from './benchmark.ts'
import { readJson, sourceFile } from './sourceFile.ts'

const entry = z.object({
  id: z.string('give the id of the entry').min(1, 'give the id of the entry'),
  pre_text: z.array(z.string(), 'give the lines before the table'),
  post_text: z.array(z.string(), 'give the lines after the table'),
  table: z.array(z.array(z.string()).min(1, 'a row has a name at least'), 'give the rows of the table'),
  qa: z.object({
    question: z.string('give the text of the question').min(1, 'give the text of the question'),
    exe_ans: z.union(
      [z.number(), z.enum(['yes', 'no'])],
      'give the result: a number, yes or no. The private test has none: take test.json',
    ),
  }),
})

/** FinQA: questions on pages of annual reports, answered by a program over text and table. @see Chen et al., 2021 */
export const finqa: Benchmark = {
  name: 'finqa',
  title: 'FinQA',
  domain: 'finance',
  licence: 'MIT',
  isNonCommercial: false,
  from: 'https://github.com/czyssrs/FinQA',
  files: 'test.json, dev.json or train.json of its folder dataset',
  metric: 'accuracy',
  total: 'pooled',
  splits: ['test', 'dev', 'train'],
  load: ({ path, split }) => {
    const file = sourceFile(path, [`${split}.json`, `dataset/${split}.json`])
    const items = readJson(z.array(entry), file).map(({ id, pre_text: before, post_text: after, table, qa }) => {
      const rows = table.map((row) => row.join(' | '))
      const page = [...before, ...rows, ...after].join('\n')
      return {
        id,
        question: `${page}\n\n${qa.question}`,
        gold: { kind: 'result', value: qa.exe_ans, table } as const,
      }
    })
    return { groups: [{ name: split, metric: 'accuracy', licence: 'MIT', items }], files: [file], notes: [] }
  },
}
