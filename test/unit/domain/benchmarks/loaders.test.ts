import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../src/base/errors.ts'
import type { LoadedBenchmark } from '../../../../src/domain/benchmarks/benchmark.ts'
import { benchmarkNamed, benchmarks } from '../../../../src/domain/benchmarks/benchmarks.ts'
import {
  cuadDocument,
  cuadFiles,
  finqaEntry,
  finqaFiles,
  legalbenchFiles,
  medqaFiles,
  medqaLine,
  phrasebankFiles,
  pubmedqaFiles,
  writeSet,
} from './setFiles.ts'

function load(name: string, path: string, split?: string, allowed: readonly string[] = []): LoadedBenchmark {
  const benchmark = benchmarkNamed(name)
  return benchmark.load({ path, split: split ?? benchmark.splits[0]!, allowed: new Set(allowed) })
}

/** The whole message of what loading throws, the folder's own path taken out. */
function problem(name: string, files: Record<string, string | Buffer>, split?: string, allowed?: string[]): string {
  const folder = writeSet(files)
  try {
    load(name, folder, split, allowed)
  } catch (error) {
    if (error instanceof InputError) return error.explanation.replaceAll(`${folder}/`, '')
    throw error
  }
  throw new Error('it was loaded')
}

test('MedQA: the version with four options first, the options as lines', () => {
  const folder = writeSet({ ...medqaFiles, 'questions/US/test.jsonl': 'not read' })
  const { groups, files } = load('medqa', folder)
  expect(files).toEqual([join(folder, 'questions/US/4_options/phrases_no_exclude_test.jsonl')])
  expect(groups[0]).toMatchObject({ name: 'test', metric: 'accuracy', licence: 'MIT' })
  expect(groups[0]!.items.map(({ id, gold }) => [id, gold])).toEqual([
    ['1', { kind: 'choice', letter: 'B', options: medqaLine.options }],
    ['2', { kind: 'choice', letter: 'C', options: medqaLine.options }],
  ])
  expect(groups[0]!.items[0]!.question).toBe(
    `${medqaLine.question}\n\nA) Vitamin A\nB) Vitamin C\nC) Vitamin D\nD) Vitamin K`,
  )
})

test('PubMedQA: the split is what the ground truth names; the conclusion is not shown', () => {
  const folder = writeSet(pubmedqaFiles)
  const ids = (split: string): string[] => load('pubmedqa', folder, split).groups[0]!.items.map(({ id }) => id)
  expect([ids('test'), ids('train'), ids('all')]).toEqual([['101', '103'], ['102'], ['101', '102', '103']])
  const [first] = load('pubmedqa', folder).groups[0]!.items
  expect(first!.question).toBe(
    'We poured forty cups of tea.\nHalf of them got milk.\n\nDoes tea cool faster with milk?',
  )
  expect(first!.gold).toEqual({ kind: 'label', label: 'yes', labels: ['yes', 'no', 'maybe'] })
})

test('FinQA: text, table and text, then the question', () => {
  const { items } = load('finqa', writeSet(finqaFiles)).groups[0]!
  expect(items[0]).toMatchObject({ id: finqaEntry.id, gold: { kind: 'result', value: 0.25, table: finqaEntry.table } })
  expect(items[0]!.question).toContain('net sales | $ 1,500 | $ 1,200\n')
  expect(items[0]!.question.endsWith('\n\nby how much did net sales grow ?')).toBe(true)
  expect(items[1]!.gold).toMatchObject({ value: 'yes' })
})

test('Financial PhraseBank: Latin-1, the label behind the last @, only where it is allowed by name', () => {
  const folder = writeSet(phrasebankFiles)
  expect(() => load('financial-phrasebank', folder)).toThrow('financial-phrasebank')
  expect(() => load('financial-phrasebank', folder, 'allagree', ['legalbench'])).toThrow('financial-phrasebank')
  const { groups } = load('financial-phrasebank', folder, 'allagree', ['financial-phrasebank'])
  const shown = groups[0]!.items.map(({ question, gold }) => [question.split('\n\n')[1], gold])
  const labels = ['positive', 'neutral', 'negative']
  expect(shown).toEqual([
    ['The café chain doubled its profit .', { kind: 'label', label: 'positive', labels }],
    ['Mail orders@lamps.example were steady .', { kind: 'label', label: 'neutral', labels }],
  ])
})

test('CUAD: one group a clause, no passage where the contract has none', () => {
  const { groups } = load('cuad', writeSet(cuadFiles))
  expect(groups.map(({ name, items }) => [name, items[0]!.gold])).toEqual([
    ['Governing Law', { kind: 'spans', spans: ['It is governed by the law of Bavaria.'], contained: false }],
    ['Audit Rights', { kind: 'spans', spans: [], contained: false }],
    ['Parties', { kind: 'spans', spans: ['Lamp Co', 'Shade Ltd'], contained: true }],
  ])
  expect(groups[1]!.items[0]!.question).toMatch(/^This Agreement .* Bavaria\.\n\nHighlight .*"Audit Rights"\.$/)
})

describe('LegalBench', () => {
  test('each task with its own licence, prompt, labels and metric; what may not or cannot be run is named', () => {
    const { groups, notes } = load('legalbench', writeSet(legalbenchFiles))
    expect(groups.map(({ name, metric, licence }) => [name, metric, licence])).toEqual([
      ['lamp_duty', 'balanced accuracy', 'CC By 4.0'],
      ['sara_numeric', 'accuracy', 'MIT'],
      ['ssla_lamps', 'F1', 'MIT'],
    ])
    expect(groups[0]!.items[1]).toEqual({
      id: '1',
      question: 'Ships must show lamps at night.\n\nQ: The mate cried "light!"\nand lit a lamp. Was the duty kept?\nA:',
      gold: { kind: 'label', label: 'Yes', labels: ['No', 'Yes'] },
    })
    expect(groups[1]!.items[0]!.gold).toEqual({ kind: 'amount', value: 1200, share: 0.1 })
    expect(groups[2]!.items.map(({ gold }) => gold)).toEqual([
      { kind: 'terms', terms: ['Lamp Co', 'Shade Ltd'] },
      { kind: 'terms', terms: [] },
    ])
    expect(notes).toEqual([
      'lamp_posts left out, licence CC BY-NC 4.0; allow it with --allow-non-commercial legalbench/lamp_posts',
      'lamp_secret left out, licence unknown (no README.md that names it); ' +
        'allow it with --allow-non-commercial legalbench/lamp_secret',
      'rule_qa left out: its answers are judged by hand',
    ])
  })

  test('a task that is not for commerce is read where it, or the set, is allowed by name', () => {
    const folder = writeSet(legalbenchFiles)
    const names = (...allowed: string[]): string[] =>
      load('legalbench', folder, 'test', allowed).groups.map(({ name }) => name)
    expect(names('legalbench/lamp_posts')).toEqual(['lamp_duty', 'lamp_posts', 'sara_numeric', 'ssla_lamps'])
    expect(names('legalbench')).toHaveLength(5)
    expect(names('lamp_posts', 'financial-phrasebank')).toHaveLength(3)
  })

  test('one task by its own folder; without a prompt every column but the answer is shown', () => {
    const folder = join(writeSet(legalbenchFiles), 'lamp_posts')
    expect(() => load('legalbench', folder)).toThrow('legalbench/lamp_posts')
    const { groups } = load('legalbench', folder, 'test', ['legalbench/lamp_posts'])
    expect(groups[0]!.items[0]!.question).toBe('post: My lamp was stolen.\nquestion: Is it about theft?')
  })
})

describe('what is malformed is named with file, line or entry, field and mend', () => {
  const duty = (test: string, prompt = '{{text}}'): Record<string, string> => ({
    'duty/README.md': '**License**: MIT\n',
    'duty/base_prompt.txt': prompt,
    'duty/test.tsv': test,
  })
  const finqaWith = (entry: object): Record<string, string> => ({ 'test.json': JSON.stringify([finqaEntry, entry]) })
  const span = { text: 'Lamp Corp', answer_start: 3 }
  const misplaced = structuredClone(cuadDocument)
  misplaced.data[0]!.paragraphs[0]!.qas[0]!.answers = [span]

  const cases: [what: string, name: string, files: Record<string, string | Buffer>, ...says: string[]][] = [
    [
      'a line that is no JSON',
      'medqa',
      { 'test.jsonl': `${JSON.stringify(medqaLine)}\n{oops\n` },
      'test.jsonl:2: ',
      'JSON object',
    ],
    [
      'a letter without an option',
      'medqa',
      { 'test.jsonl': `\n${JSON.stringify({ ...medqaLine, answer_idx: 'F' })}` },
      'test.jsonl:2.answer_idx: "F"',
      'one of the options',
    ],
    [
      'a question that is missing',
      'medqa',
      { 'test.jsonl': JSON.stringify({ ...medqaLine, question: undefined }) },
      'test.jsonl:1.question is missing',
    ],
    ['bytes that are no UTF-8', 'medqa', { 'test.jsonl': Buffer.from([0xff]) }, 'test.jsonl', 'UTF-8'],
    ['no file of the set', 'medqa', { 'else.txt': '' }, 'phrases_no_exclude_test.jsonl, test.jsonl'],
    ['JSON that breaks off', 'finqa', { 'test.json': '[\n{"id": 1,\n' }, 'test.json', 'well-formed JSON'],
    [
      'a result that is missing',
      'finqa',
      finqaWith({ ...finqaEntry, qa: { question: 'how much ?' } }),
      'test.json.1.qa.exe_ans',
      'private test',
    ],
    [
      'a row without a name',
      'finqa',
      finqaWith({ ...finqaEntry, table: [[]] }),
      'test.json.1.table.0',
      'a row has a name',
    ],
    [
      'an unknown decision',
      'pubmedqa',
      { 'ori_pqal.json': pubmedqaFiles['data/ori_pqal.json'].replace('"maybe"', '"perhaps"') },
      'ori_pqal.json.103.final_decision: "perhaps"',
      'yes, no or maybe',
    ],
    [
      'no ground truth',
      'pubmedqa',
      { 'ori_pqal.json': pubmedqaFiles['data/ori_pqal.json'] },
      'test_ground_truth.json',
      '--split all',
    ],
    [
      'ground truth of another release',
      'pubmedqa',
      { 'ori_pqal.json': pubmedqaFiles['data/ori_pqal.json'], 'test_ground_truth.json': '{"999": "yes"}' },
      'test_ground_truth.json: 999',
      'ori_pqal.json has no such entry',
    ],
    [
      'a label that is none',
      'financial-phrasebank',
      { 'Sentences_AllAgree.txt': 'Up .@positive\nDown .@bad\n' },
      'Sentences_AllAgree.txt:2: label: "bad"',
      'positive, neutral, negative',
    ],
    [
      'a line without a label',
      'financial-phrasebank',
      { 'Sentences_AllAgree.txt': '\nDown .\n' },
      'Sentences_AllAgree.txt:2: sentence',
      'sentence@label',
    ],
    [
      'a passage that is not there',
      'cuad',
      { 'test.json': JSON.stringify(misplaced) },
      'test.json.data.0.paragraphs.0.qas.0.answers.0.text',
      'word for word',
    ],
    [
      'a cell too few',
      'legalbench',
      duty('index\ttext\tanswer\n0\tHm.\tYes\n1\tHm.\n'),
      'duty/test.tsv:3: answer',
      '3 cells',
    ],
    [
      'a cell too many',
      'legalbench',
      duty('index\ttext\tanswer\n0\tHm.\tYes\tNo\n'),
      'duty/test.tsv:2: cell 4',
      '3 cells',
    ],
    ['quotes that stay open', 'legalbench', duty('text\tanswer\n"Hm.\tYes\n'), 'duty/test.tsv:2', 'never closed'],
    ['no answer', 'legalbench', duty('text\tanswer\n"A\nB"\tYes\nHm.\t \n'), 'duty/test.tsv:4: answer', 'right answer'],
    [
      'a column that the prompt lacks',
      'legalbench',
      duty('text\tanswer\nHm.\tYes\n', '{{ clause }}?'),
      'duty/test.tsv:2: clause is missing',
      'base_prompt.txt asks',
    ],
    ['a column twice', 'legalbench', duty('text\ttext\tanswer\n'), 'duty/test.tsv:1: text', 'once'],
  ]
  test.each(cases)('%s', (_what, name, files, ...says) => {
    const text = problem(name, files, undefined, ['financial-phrasebank'])
    for (const part of says) expect(text).toContain(part)
  })
})

test('every set says where it comes from, and only the non-commercial one is refused as a whole', () => {
  expect(benchmarks.map(({ name, isNonCommercial }) => [name, isNonCommercial])).toEqual([
    ['legalbench', false],
    ['cuad', false],
    ['medqa', false],
    ['pubmedqa', false],
    ['finqa', false],
    ['financial-phrasebank', true],
  ])
  for (const { from, splits } of benchmarks) {
    expect(from).toMatch(/^https:/)
    expect(splits.length).toBeGreaterThan(1)
  }
  expect(() => benchmarkNamed('glue')).toThrow('glue')
})

test('docs/benchmarks.md has each set with its splits and licence', () => {
  const text = readFileSync(new URL('../../../../docs/benchmarks.md', import.meta.url), 'utf8')
  const rows = text.split('\n').filter((line) => /^\| `[a-z]/.test(line))
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  const shown = (splits: readonly string[]): string => splits.map((split) => `\`${split}\``).join(', ')
  expect(cells.map(([, name, , splits, licence]) => [name, splits, licence])).toEqual(
    benchmarks.map(({ name, splits, licence }) => [`\`${name}\``, shown(splits), licence.split(':')[0]]),
  )
})
