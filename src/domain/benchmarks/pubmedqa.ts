import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import type { Benchmark } from './benchmark.ts'
import { readJson, sourceFile } from './sourceFile.ts'

const labels = ['yes', 'no', 'maybe'] as const
const pmid = z.string().regex(/^\d+$/, 'name each entry by its PubMed id')
const decision = z.enum(labels, 'give yes, no or maybe')
const entry = z.object({
  QUESTION: z.string('give the text of the question').min(1, 'give the text of the question'),
  CONTEXTS: z.array(z.string(), 'give the paragraphs of the abstract'),
  final_decision: decision,
})

/** PubMedQA's expert-labelled questions with the abstract, its conclusion left out. @see Jin et al., 2019 */
export const pubmedqa: Benchmark = {
  name: 'pubmedqa',
  title: 'PubMedQA (PQA-L)',
  domain: 'medicine',
  licence: 'MIT',
  isNonCommercial: false,
  from: 'https://github.com/pubmedqa/pubmedqa',
  files: 'ori_pqal.json and, but for split all, test_ground_truth.json beside it',
  metric: 'macro-F1',
  total: 'pooled',
  splits: ['test', 'train', 'all'],
  load: ({ path, split }) => {
    const file = sourceFile(path, ['ori_pqal.json', 'data/ori_pqal.json'])
    const entries = readJson(z.record(pmid, entry), file)
    const testFile = join(dirname(file), 'test_ground_truth.json')
    const truth = split === 'all' ? {} : testTruth(testFile)
    const missing = Object.keys(truth).find((id) => entries[id] === undefined)
    if (missing !== undefined) {
      throw new InputError(`${testFile}: ${missing}`, missing, `${file} has no such entry; take both of one release`)
    }
    const items = Object.entries(entries)
      .filter(([id]) => split === 'all' || (truth[id] !== undefined) === (split === 'test'))
      .map(([id, { QUESTION: question, CONTEXTS: contexts, final_decision: label }]) => ({
        id,
        question: `${contexts.join('\n')}\n\n${question}`,
        gold: { kind: 'label', label: split === 'test' ? truth[id]! : label, labels } as const,
      }))
    const files = split === 'all' ? [file] : [file, testFile]
    return { groups: [{ name: split, metric: 'macro-F1', licence: 'MIT', items }], files, notes: [] }
  },
}

function testTruth(file: string): Record<string, (typeof labels)[number] | undefined> {
  if (existsSync(file)) return readJson(z.record(pmid, decision), file)
  throw new InputError('test_ground_truth.json', file, 'put it there, or take --split all')
}
