import { InputError } from '../../base/errors.ts'
import type { Benchmark } from './benchmark.ts'
import { needAllowed } from './licence.ts'
import { linesOf, readText, sourceFile } from './sourceFile.ts'

const labels = ['positive', 'neutral', 'negative'] as const
const licence = 'CC BY-NC-SA 3.0'
/** How many of the annotators agreed; the set has no other parts. */
const filesBySplit: Readonly<Record<string, string>> = {
  allagree: 'Sentences_AllAgree.txt',
  '75agree': 'Sentences_75Agree.txt',
  '66agree': 'Sentences_66Agree.txt',
  '50agree': 'Sentences_50Agree.txt',
}

/** Sentences of financial news by what they mean for an investor. @see Malo et al., 2014 */
export const phrasebank: Benchmark = {
  name: 'financial-phrasebank',
  title: 'Financial PhraseBank',
  domain: 'finance',
  licence,
  isNonCommercial: true,
  from: 'https://huggingface.co/datasets/takala/financial_phrasebank',
  files: 'Sentences_AllAgree.txt, _75Agree, _66Agree or _50Agree (Latin-1)',
  metric: 'weighted F1',
  total: 'pooled',
  splits: Object.keys(filesBySplit),
  load: ({ path, split, allowed }) => {
    needAllowed('financial-phrasebank', licence, allowed)
    const name = filesBySplit[split]!
    const file = sourceFile(path, [name, `FinancialPhraseBank-v1.0/${name}`])
    const items = linesOf(readText(file, 'latin1')).map(({ text, number }) => {
      // A sentence may hold the sign too.
      const at = text.lastIndexOf('@')
      const sentence = text.slice(0, Math.max(at, 0)).trim()
      const label = text.slice(at + 1).trim()
      if (at < 0 || sentence === '') throw new InputError(`${file}:${number}: sentence`, text, 'give sentence@label')
      if (!labels.some((known) => known === label)) {
        throw new InputError(`${file}:${number}: label`, label, `give one of ${labels.join(', ')} behind the last @`)
      }
      const ask = "Is this sentence's news positive, neutral or negative for an investor in the company?"
      return { id: String(number), question: `${ask}\n\n${sentence}`, gold: { kind: 'label', label, labels } as const }
    })
    return { groups: [{ name: split, metric: 'weighted F1', licence, items }], files: [file], notes: [] }
  },
}
