import { z } from 'zod'
import { groupBy } from '../../base/groupBy.ts'
import type { Benchmark, Item } from './benchmark.ts'
import { readJson, sourceFile } from './sourceFile.ts'

const text = z.string('give text').min(1, 'give text')
const paragraph = z
  .object({
    context: text,
    qas: z.array(
      z.object({
        id: text,
        question: text,
        answers: z.array(z.object({ text }), 'give the passages, [] for none'),
      }),
    ),
  })
  .superRefine(({ context, qas }, check) => {
    for (const [i, { answers }] of qas.entries()) {
      for (const [j, { text: span }] of answers.entries()) {
        if (context.includes(span)) continue
        const path = ['qas', i, 'answers', j, 'text']
        check.addIssue({ code: 'custom', path, message: 'give a passage that the context has, word for word' })
      }
    }
  })
const document = z.object({ data: z.array(z.object({ title: text, paragraphs: z.array(paragraph) })) })

const filesBySplit: Readonly<Record<string, readonly string[]>> = {
  test: ['test.json', 'data/test.json'],
  train: ['train_separate_questions.json', 'data/train_separate_questions.json'],
  all: ['CUADv1.json', 'data/CUADv1.json', 'CUAD_v1/CUAD_v1.json', 'CUAD_v1.json'],
}

/** CUAD: the passages of a contract that hold each of 41 kinds of clause. @see Hendrycks et al., 2021 */
export const cuad: Benchmark = {
  name: 'cuad',
  title: 'CUAD',
  domain: 'law',
  licence: 'CC BY 4.0',
  isNonCommercial: false,
  from: 'https://github.com/TheAtticusProject/cuad',
  files: 'test.json, train_separate_questions.json or CUADv1.json of data.zip',
  metric: 'F1',
  total: 'pooled',
  splits: Object.keys(filesBySplit),
  load: ({ path, split }) => {
    const file = sourceFile(path, filesBySplit[split]!)
    const items: (Item & { clause: string })[] = []
    for (const { paragraphs } of readJson(document, file).data) {
      for (const { context, qas } of paragraphs) {
        for (const { id, question, answers } of qas) {
          // Ids are the contract's title, two underscores and the clause.
          const clause = id.slice(id.lastIndexOf('__') + 2)
          const spans = answers.map((answer) => answer.text)
          const gold = { kind: 'spans', spans, contained: clause.includes('Parties') } as const
          items.push({
            id,
            clause,
            gold,
            // Put together when it is asked: a contract is long, and its text would be kept once for each question.
            get question() {
              return `${context}\n\n${question}`
            },
          })
        }
      }
    }
    const groups = [...groupBy(items, ({ clause }) => clause)].map(([name, own]) => ({
      name,
      metric: 'F1' as const,
      licence: 'CC BY 4.0',
      items: own,
    }))
    return { groups, files: [file], notes: [] }
  },
}
