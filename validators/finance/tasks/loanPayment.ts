import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, drawRate, money, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName, personName } from '../../shared/names.ts'

/**
 * Level monthly payment in dollars of an amortised loan; the rate per month is a twelfth of the nominal yearly rate.
 *
 * @see Brealey, Myers, Allen, "Principles of Corporate Finance" (13th ed., 2020), chapter 2 (annuities)
 */
export const loanPayment: TaskFamily = {
  name: 'loan-payment',
  source: 'Brealey, Myers, Allen, Principles of Corporate Finance, 2020, ch. 2',
  term: 'the monthly payment of a loan',
  rule: 'A loan equals the present value of its equal monthly payments at a twelfth of its nominal yearly rate',
  make: (rng) => loanPaymentTask(rng, drawMoney(rng, 2000, 400_000), drawRate(rng, 1, 18), rng.int(6, 360)),
}

/** The task for a principal, a nominal yearly rate in percent and a number of months; drawn parts are wording only. */
export function loanPaymentTask(rng: Rng, principal: number, rate: number, months: number): TaskBody {
  const monthly = rate / 1200
  const value = (principal * monthly) / (1 - 1 / (1 + monthly) ** months)
  const shown = money(rng, principal)
  return numberTask({
    question: compose(rng, {
      subjects: [
        'An amortised loan',
        `${personName(rng)} borrows money`,
        `A bank loan to ${firmName(rng)}`,
        'A loan with level payments',
        'Mortgage',
      ],
      facts: [
        [
          `the principal is ${shown}`,
          `amount borrowed ${shown}`,
          `the loan is for ${shown}`,
          `${shown} is lent`,
          `loan of ${shown}`,
        ],
        [
          `the nominal yearly rate is ${percent(rng, rate)}`,
          `interest ${percent(rng, rate)} a year`,
          `annual rate ${percent(rng, rate)}`,
          `${percent(rng, rate)} nominal per year`,
        ],
        [
          `repaid over ${months} months`,
          `${months} monthly payments`,
          `a term of ${months} months`,
          `${months} equal monthly instalments`,
        ],
      ],
      asks: [
        'What is the monthly payment?',
        'Find the monthly payment.',
        'How much is paid each month?',
        'Compute the monthly instalment.',
        'Work out the payment per month in dollars.',
      ],
    }),
    working: calc(`${principal}*(${rate}/1200)/(1-1/(1+${rate}/1200)^${months})`, value),
    quantity: 'The monthly payment',
    value,
    unit: 'USD',
  })
}
