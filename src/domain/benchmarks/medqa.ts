import { z } from 'zod'
import type { Benchmark } from './benchmark.ts'
import { linesOf, readJsonLine, readText, sourceFile } from './sourceFile.ts'

const line = z
  .object({
    question: z.string('give the text of the question').min(1, 'give the text of the question'),
    options: z.record(z.string().regex(/^[A-Z]$/, 'give options by one capital letter'), z.string()),
    answer_idx: z.string('give the letter of the right option'),
  })
  .refine(({ options }) => Object.keys(options).length > 1, { path: ['options'], error: 'give two options or more' })
  .refine(({ options, answer_idx }) => options[answer_idx] !== undefined, {
    path: ['answer_idx'],
    error: 'give the letter of one of the options',
  })

/** MedQA's questions of the US medical licensing examination, with four or five options. @see Jin et al., 2020 */
export const medqa: Benchmark = {
  name: 'medqa',
  title: 'MedQA (USMLE)',
  domain: 'medicine',
  licence: 'MIT',
  isNonCommercial: false,
  from: 'https://github.com/jind11/MedQA',
  files: 'JSON lines; the folder of the download (its version with four options first) or one file',
  metric: 'accuracy',
  total: 'pooled',
  splits: ['test', 'dev', 'train'],
  load: ({ path, split }) => {
    const names = [`phrases_no_exclude_${split}.jsonl`, `${split}.jsonl`]
    const folders = ['', '4_options/', 'US/4_options/', 'US/', 'questions/US/4_options/', 'questions/US/']
    const file = sourceFile(
      path,
      folders.flatMap((folder) => names.map((name) => folder + name)),
    )
    const items = linesOf(readText(file)).map(({ text, number }) => {
      const { question, options, answer_idx: letter } = readJsonLine(line, text, `${file}:${number}`)
      const listed = Object.entries(options).map(([option, words]) => `${option}) ${words}`)
      const gold = { kind: 'choice', letter, options } as const
      return { id: String(number), question: `${question}\n\n${listed.join('\n')}`, gold }
    })
    return { groups: [{ name: split, metric: 'accuracy', licence: 'MIT', items }], files: [file], notes: [] }
  },
}
