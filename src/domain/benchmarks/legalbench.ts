import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Benchmark, BenchmarkSource, Gold, Group } from './benchmark.ts'
import { isNonCommercial, needAllowed } from './licence.ts'
import { readText } from './sourceFile.ts'
import { parseTsv, type Row } from './tsv.ts'

/** What no program of ours marks: by hand, and by the stems of words. */
const unmarked: Readonly<Record<string, string>> = {
  rule_qa: 'its answers are judged by hand',
  definition_extraction: 'its metric compares stems of words',
}
const amounts = ['sara_numeric']
const names = ['citation_prediction_open']
/** Lists of terms, by how the task's name begins. */
const lists = ['ssla', 'successor_liability']

/** How near sara_numeric's amounts must be. */
const amountShare = 0.1

/** Tasks of legal reasoning, each a folder with its own licence. @see Guha et al., 2023 */
export const legalbench: Benchmark = {
  name: 'legalbench',
  title: 'LegalBench',
  domain: 'law',
  licence: 'by task: most CC BY 4.0, about 30 non-commercial',
  isNonCommercial: false,
  from: 'https://github.com/HazyResearch/legalbench and https://huggingface.co/datasets/nguha/legalbench',
  files: 'one folder a task, with README.md, base_prompt.txt, train.tsv, test.tsv; or one such folder',
  metric: 'balanced accuracy',
  total: 'mean',
  splits: ['test', 'train'],
  load: (source) => {
    const { path, split } = source
    if (!existsSync(path) || !statSync(path).isDirectory()) {
      throw new InputError('--path', path, 'give the folder of one task, or the folder that holds them all')
    }
    if (existsSync(join(path, `${split}.tsv`))) return loadTasks([resolve(path)], source, 'one')
    const root = existsSync(join(path, 'tasks')) ? join(path, 'tasks') : path
    const folders = readdirSync(root)
      .sort()
      .map((name) => join(root, name))
      .filter((folder) => existsSync(join(folder, `${split}.tsv`)))
    if (folders.length === 0) throw new InputError('--path', path, `no folder in it holds a ${split}.tsv`)
    return loadTasks(folders, source, 'all')
  },
}

function loadTasks(folders: readonly string[], { split, allowed }: BenchmarkSource, mode: 'one' | 'all') {
  const groups: Group[] = []
  const notes: string[] = []
  for (const folder of folders) {
    const task = basename(folder)
    const name = `legalbench/${task}`
    const licence = licenceOf(folder)
    const isAllowed = !isNonCommercial(licence) || allowed.has(name) || allowed.has('legalbench')
    if (mode === 'one' && !isAllowed) needAllowed(name, licence, allowed)
    if (!isAllowed) notes.push(`${task} left out, licence ${licence}; allow it with --allow-non-commercial ${name}`)
    else if (unmarked[task] !== undefined) notes.push(`${task} left out: ${unmarked[task]}`)
    else groups.push(loadTask(folder, split, licence))
  }
  if (groups.length === 0) throw new InputError('--path', folders[0], `no task is left: ${notes[0]}`)
  return { groups, files: groups.map(({ name }) => `${name}/${split}.tsv`), notes }
}

/** What the task's README names, links and brackets taken off. */
function licenceOf(folder: string): string {
  const file = join(folder, 'README.md')
  const line = existsSync(file) ? /^\*\*License\*\*:\s*(.+)$/im.exec(readText(file))?.[1] : undefined
  return line === undefined
    ? 'unknown (no README.md that names it)'
    : line.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim()
}

function loadTask(folder: string, split: string, licence: string): Group {
  const task = basename(folder)
  const file = join(folder, `${split}.tsv`)
  const rows = parseTsv(readText(file), file)
  const answers = rows.map((row) => answerOf(row, file, task))
  const labels = [...new Set([...answers, ...otherAnswers(folder, split, task)])].sort()
  const promptFile = join(folder, 'base_prompt.txt')
  const prompt = existsSync(promptFile) ? readText(promptFile) : undefined
  const items = rows.map((row, i) => ({
    id: row.cells.index ?? String(row.line),
    question: prompt === undefined ? plainQuestion(row) : filled(prompt, row, { promptFile, file }),
    gold: goldOf(task, answers[i]!, labels, `${file}:${row.line}: answer`),
  }))
  const kind = items[0]?.gold.kind
  const metric = kind === 'label' ? 'balanced accuracy' : kind === 'terms' ? 'F1' : 'accuracy'
  return { name: task, metric, licence, items }
}

/** Of such a task nothing may be the right answer. */
function isList(task: string): boolean {
  return lists.some((start) => task.startsWith(start))
}

function answerOf({ cells, line }: Row, file: string, task: string): string {
  // Older releases call the column label.
  const answer = (cells.answer ?? cells.label)?.trim()
  if (answer === undefined || (answer === '' && !isList(task))) {
    throw new InputError(`${file}:${line}: answer`, answer, 'give the right answer in a column answer')
  }
  return answer
}

/** Labels that the other file alone may have. */
function otherAnswers(folder: string, split: string, task: string): string[] {
  const file = join(folder, split === 'test' ? 'train.tsv' : 'test.tsv')
  return existsSync(file) ? parseTsv(readText(file), file).map((row) => answerOf(row, file, task)) : []
}

function goldOf(task: string, answer: string, labels: readonly string[], place: string): Gold {
  if (amounts.includes(task)) {
    const value = /^\$?\d[\d,]*$/.test(answer) ? Number(answer.replace(/[$,]/g, '')) : undefined
    if (value === undefined) throw new InputError(place, answer, 'give an amount in whole dollars')
    return { kind: 'amount', value, share: amountShare }
  }
  if (names.includes(task)) return { kind: 'name', name: answer }
  if (isList(task)) {
    const terms = answer.split(',').map((term) => term.trim())
    return { kind: 'terms', terms: terms.filter((term) => term !== '') }
  }
  return { kind: 'label', label: answer, labels }
}

/** The task's own prompt, `{{column}}` replaced by the row's cells. */
function filled(prompt: string, { cells, line }: Row, { promptFile, file }: Record<'promptFile' | 'file', string>) {
  return prompt.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_whole, column: string) => {
    const cell = cells[column]
    if (cell !== undefined) return cell
    throw new InputError(`${file}:${line}: ${column}`, undefined, `${promptFile} asks for a column of this name`)
  })
}

function plainQuestion({ cells }: Row): string {
  const silent = new Set(['index', 'answer', 'label', 'slice'])
  const shown = Object.entries(cells).filter(([column]) => !silent.has(column))
  return shown.map(([column, cell]) => (shown.length === 1 ? cell : `${column}: ${cell}`)).join('\n')
}
