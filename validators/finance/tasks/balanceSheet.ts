import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { choiceTask, optionLetters, type TaskBody } from '../../shared/build.ts'
import { listOptions } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** Line items by class, in the sense of IAS 1. */
const classes = {
  'current asset': [
    'cash',
    'inventory',
    'trade receivables',
    'prepaid rent',
    'raw materials',
    'finished goods',
    'treasury bills due in a month',
    'petty cash',
    'work in progress',
    'supplies on hand',
  ],
  'non-current asset': [
    'land',
    'buildings',
    'machinery',
    'goodwill',
    'patents',
    'a delivery truck',
    'office furniture',
    'trademarks',
    'a factory',
    'software licences for ten years',
  ],
  'current liability': [
    'trade payables',
    'accrued wages',
    'a bank overdraft',
    'income tax payable',
    'unearned revenue for next month',
    'dividends payable',
    'interest payable',
    'a loan due in six months',
    'sales tax payable',
    'accrued expenses',
  ],
  'non-current liability': [
    'bonds due in ten years',
    'a mortgage due in 2050',
    'pension obligations',
    'deferred tax liabilities',
    'a loan due in five years',
    'long-term lease obligations',
    'notes due in eight years',
  ],
  equity: [
    'share capital',
    'retained earnings',
    'share premium',
    'treasury shares',
    'revaluation surplus',
    'preference shares',
  ],
} as const

export type BalanceSheetClass = keyof typeof classes

const classNames = Object.keys(classes) as BalanceSheetClass[]

const rules: Readonly<Record<BalanceSheetClass, string>> = {
  'current asset':
    'A current asset is cash or an asset to be sold, used up or collected within a year or the operating cycle',
  'non-current asset':
    'A non-current asset is any asset that is neither cash nor to be sold, used up or collected within a year or the cycle',
  'current liability': 'A current liability is one to be settled within a year or the operating cycle',
  'non-current liability':
    'A non-current liability is not to be settled within a year or the operating cycle; deferred tax always counts as one',
  equity: 'Equity is what is left of the assets after all liabilities: issued capital and reserves',
}

/**
 * Which line item belongs to a class of the balance sheet, out of four.
 *
 * @see International Accounting Standard 1 (2007, as amended 2020), paragraphs 54, 56, 66 and 69
 */
export const balanceSheet: TaskFamily = {
  name: 'balance-sheet',
  source: 'IAS 1, Presentation of Financial Statements, paras 54, 56, 66 and 69',
  term: 'the classification of balance sheet items',
  rule: 'Balance sheet items are assets or liabilities, each current or non-current, or equity, which is the rest',
  make: (rng) => {
    const [asked, ...others] = rng.shuffle(classNames) as [BalanceSheetClass, ...BalanceSheetClass[]]
    return balanceSheetTask(
      rng,
      asked,
      rng.pick(classes[asked]),
      others.slice(0, 3).map((name) => rng.pick(classes[name])),
    )
  },
}

/** The class of a line item. @throws RangeError for an item that is not in the table */
export function classOf(item: string): BalanceSheetClass {
  const found = classNames.find((name) => (classes[name] as readonly string[]).includes(item))
  if (found === undefined) throw new RangeError(`classOf: ${item} is not in the table`)
  return found
}

function balanceSheetTask(rng: Rng, asked: BalanceSheetClass, right: string, wrong: readonly string[]): TaskBody {
  const options = rng.shuffle([right, ...wrong])
  const article = asked === 'equity' ? 'part of equity' : `a ${asked}`
  const firm = firmName(rng)
  const ask = rng.pick([
    `Which of these is ${article}?`,
    `Which item is ${article} on a balance sheet?`,
    `Choose the item that is ${article}.`,
    `On the balance sheet of ${firm}, which one is ${article}?`,
    `${firm} prepares its accounts. Which line is ${article}?`,
    `Pick the one that is ${article}.`,
  ])
  return {
    ...choiceTask({
      ask,
      shown: listOptions(rng, optionLetters, options),
      options,
      right,
      quality: asked === 'equity' ? 'The item of equity' : `The ${asked}`,
    }),
    rule: rules[asked],
  }
}
