import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { choiceTask, optionLetters, type TaskBody } from '../../shared/build.ts'
import { listOptions } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

export type Side = 'debit' | 'credit'

const rules: Readonly<Record<Side, string>> = {
  debit: 'A debit records that an asset or an expense rises, or that a liability, equity or income falls',
  credit: 'A credit records that a liability, equity or income rises, or that an asset or an expense falls',
}

/** Transactions, `X` standing for an amount, with the account on either side. */
const entries = [
  {
    says: ['buys goods for X on credit', 'takes in merchandise for X, to be paid later'],
    debit: 'inventory',
    credit: 'accounts payable',
  },
  {
    says: ['sells services for X on credit', 'invoices a client X for advice'],
    debit: 'accounts receivable',
    credit: 'service revenue',
  },
  {
    says: ['receives X from a customer for an old invoice', 'is paid X that a customer owed'],
    debit: 'cash',
    credit: 'accounts receivable',
  },
  {
    says: ['pays X that it owed a supplier', 'settles a supplier invoice of X'],
    debit: 'accounts payable',
    credit: 'cash',
  },
  { says: ['borrows X from a bank', 'takes out a bank loan of X'], debit: 'cash', credit: 'loans payable' },
  { says: ['repays X of a bank loan', 'pays back loan principal of X'], debit: 'loans payable', credit: 'cash' },
  { says: ['issues shares for X in cash', 'raises X from new shareholders'], debit: 'cash', credit: 'share capital' },
  { says: ['pays wages of X', 'transfers X of salaries to its staff'], debit: 'wages expense', credit: 'cash' },
  {
    says: ['pays rent of X for the past month', 'pays the landlord X for last month'],
    debit: 'rent expense',
    credit: 'cash',
  },
  {
    says: ['records depreciation of X', 'charges depreciation of X for the year'],
    debit: 'depreciation expense',
    credit: 'accumulated depreciation',
  },
  {
    says: ['is paid X in advance for a subscription', 'gets X now for services of next year'],
    debit: 'cash',
    credit: 'unearned revenue',
  },
  {
    says: ['pays X in advance for insurance', 'pays an insurance premium of X for next year'],
    debit: 'prepaid insurance',
    credit: 'cash',
  },
  { says: ['buys a machine for X in cash', 'pays X for new equipment'], debit: 'equipment', credit: 'cash' },
  {
    says: ['declares a dividend of X, to be paid later', 'resolves to pay shareholders X next month'],
    debit: 'retained earnings',
    credit: 'dividends payable',
  },
  {
    says: ['accrues interest of X on a loan', 'owes interest of X at year-end'],
    debit: 'interest expense',
    credit: 'interest payable',
  },
  {
    says: ['writes off X that a customer will never pay', 'gives up a claim of X as a bad debt'],
    debit: 'bad debt expense',
    credit: 'accounts receivable',
  },
] as const

const accounts = [...new Set(entries.flatMap(({ debit, credit }) => [debit, credit]))]

/**
 * Which account a transaction debits or credits, out of four.
 *
 * @see Weygandt, Kimmel, Mitchell, "Financial and Managerial Accounting" (4th ed., 2021), chapters 3 and 4; IFRS Conceptual
 *   Framework (2018), chapter 4
 */
export const journalEntry: TaskFamily = {
  name: 'journal-entry',
  source: 'Weygandt et al., Financial and Managerial Accounting (2021), ch. 3-4',
  term: 'a journal entry',
  rule: 'A journal entry records an event as a debit to one account and an equal credit to another',
  make: (rng) => {
    const entry = rng.pick(entries)
    const side = rng.pick(['debit', 'credit'] as const)
    return journalEntryTask(rng, rng.pick(entry.says), side)
  },
}

/** The account that a transaction touches. @throws RangeError for a transaction that is not in the table */
export function accountFor(says: string, side: Side): string {
  const found = entries.find((entry) => (entry.says as readonly string[]).includes(says))
  if (found === undefined) throw new RangeError(`accountFor: ${says} is not in the table`)
  return found[side]
}

function journalEntryTask(rng: Rng, says: string, side: Side): TaskBody {
  const right = accountFor(says, side)
  const other = accountFor(says, side === 'debit' ? 'credit' : 'debit')
  const rest = rng.shuffle(accounts.filter((account) => account !== right && account !== other))
  // The account of the other side is the likeliest mistake, so it is always among the options.
  const options = rng.shuffle([right, other, ...rest.slice(0, 2)])
  const deed = says.replace('X', money(rng, drawMoney(rng, 200, 90_000)))
  const ask = rng.pick([
    `Which account is ${side}ed?`,
    `Which account takes the ${side}?`,
    `Choose the account to ${side}.`,
    `What is ${side}ed in the journal entry?`,
  ])
  return {
    ...choiceTask({
      ask: `${firmName(rng)} ${deed}. ${ask}`,
      shown: listOptions(rng, optionLetters, options),
      options,
      right,
      quality: `The account to ${side}`,
      lead: `debit ${accountFor(says, 'debit')}, credit ${accountFor(says, 'credit')}`,
    }),
    rule: rules[side],
  }
}
