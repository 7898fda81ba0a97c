import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, drawRate, money, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

export type When = 'present' | 'future'

const rules = {
  present:
    'The present value of an annuity is the sum of its equal payments, each discounted for the years until it is paid',
  future:
    'The future value of an annuity is the sum of its equal payments, each with compound interest until the last one',
} as const satisfies Record<When, string>

/**
 * Value in dollars of equal payments at the ends of years: today's value, or what they have grown to at the end.
 *
 * @see Brealey, Myers, Allen, "Principles of Corporate Finance" (13th ed., 2020), chapter 2
 */
export const annuityValue: TaskFamily = {
  name: 'annuity-value',
  source: 'Brealey, Myers, Allen, Principles of Corporate Finance, 2020, ch. 2',
  term: 'the value of an annuity',
  rule: 'The value of an annuity is the sum of its equal payments, each brought to one date at the interest rate',
  make: (rng) =>
    annuityValueTask(
      rng,
      drawMoney(rng, 200, 25_000),
      drawRate(rng, 1, 12),
      rng.int(2, 40),
      rng.pick(['present', 'future'] as const),
    ),
}

/** The task for a yearly payment, a rate in percent and a number of years; drawn parts are wording only. */
export function annuityValueTask(rng: Rng, payment: number, rate: number, years: number, when: When): TaskBody {
  const growth = (1 + rate / 100) ** years
  const value = (payment * (when === 'present' ? 1 - 1 / growth : growth - 1)) / (rate / 100)
  const factor = `(1+${rate}/100)^${years}`
  const shown = money(rng, payment)
  const name = personName(rng)
  return {
    ...numberTask({
      question: compose(rng, {
        subjects:
          when === 'present'
            ? ['An annuity', `${name} is owed a pension`, 'A lottery prize in yearly parts', `${name} sells an annuity`]
            : ['A savings plan', `${name} saves for retirement`, 'A sinking fund', `${name} pays into an account`],
        facts: [
          [
            `${shown} at the end of each year`,
            `yearly payments of ${shown}`,
            `${shown} a year, in arrears`,
            `each year-end ${shown}`,
          ],
          [`for ${years} years`, `${years} payments in all`, `over ${years} years`, `a term of ${years} years`],
          [
            `the interest rate is ${percent(rng, rate)}`,
            `at ${percent(rng, rate)} a year`,
            `annual rate ${percent(rng, rate)}`,
            `interest ${percent(rng, rate)} a year`,
          ],
        ],
        asks:
          when === 'present'
            ? [
                'What is it worth today?',
                'Find the present value.',
                'Compute the present value of the payments.',
                "What is today's value of the annuity in dollars?",
              ]
            : [
                'What is it worth right after the last payment?',
                'Find the future value at the end.',
                'Compute the final balance.',
                'How much has been saved at the end, in dollars?',
              ],
      }),
      working: calc(
        when === 'present' ? `${payment}*(1-1/${factor})/(${rate}/100)` : `${payment}*(${factor}-1)/(${rate}/100)`,
        value,
      ),
      quantity: when === 'present' ? 'The present value' : 'The future value',
      value,
      unit: 'USD',
    }),
    rule: rules[when],
  }
}
