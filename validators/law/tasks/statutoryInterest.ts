import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, drawRate, money, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** Percentage points that the Act adds to the Bank of England's base rate. */
const surcharge = 8

/**
 * Simple statutory interest on a late commercial payment: base rate plus 8 percentage points, by the day.
 *
 * @see Late Payment of Commercial Debts (Interest) Act 1998 (UK), ss. 1 and 6; Late Payment of Commercial Debts
 *   (Rate of Interest) (No. 3) Order 2002, SI 2002/1675, art. 4
 */
export const statutoryInterest: TaskFamily = {
  name: 'statutory-interest',
  source: 'Late Payment of Commercial Debts (Interest) Act 1998; SI 2002/1675',
  term: 'statutory interest on a late payment',
  rule: 'Statutory interest on a late commercial debt is simple interest at 8 percentage points a year above the base rate',
  make: (rng) => statutoryInterestTask(rng, drawMoney(rng, 500, 90_000), drawRate(rng, 0.25, 6), rng.int(5, 364)),
}

/** The task for a debt in pounds, a base rate in percent and the days of delay. */
export function statutoryInterestTask(rng: Rng, debt: number, baseRate: number, days: number): TaskBody {
  const value = (((debt * (surcharge + baseRate)) / 100) * days) / 365
  const shown = money(rng, debt, 'pound')
  const rate = percent(rng, baseRate)
  return numberTask({
    question: compose(rng, {
      subjects: [
        'Late payment of a commercial debt',
        `${firmName(rng)} paid ${firmName(rng)} late`,
        'A business pays an invoice late',
        `${firmName(rng)} claims interest under the Late Payment Act 1998`,
      ],
      facts: [
        [
          `the invoice is ${shown}`,
          `the debt is ${shown}`,
          `${shown} was owed`,
          `the price was ${shown}`,
          `the sum due is ${shown}`,
        ],
        [
          `the base rate is ${rate}`,
          `the Bank of England base rate stands at ${rate}`,
          `base rate ${rate}`,
          `the official rate is ${rate}`,
        ],
        [
          `payment was ${days} days late`,
          `the delay is ${days} days`,
          `${days} days passed after the due date`,
          `it is ${days} days overdue`,
        ],
      ],
      asks: [
        'How much statutory interest is due under the Late Payment Act?',
        'Work out the statutory late payment interest in pounds.',
        'What interest does the Late Payment Act 1998 give?',
        'Compute the statutory interest owed for late payment.',
        'Find the interest payable under the Late Payment Act.',
      ],
    }),
    working: calc(`${debt}*(${surcharge}+${baseRate})/100*${days}/365`, value),
    quantity: 'The statutory interest',
    value,
    unit: 'GBP',
  })
}
