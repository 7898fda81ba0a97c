import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawRate, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

export type DurationKind = 'Macaulay' | 'modified'

const rules = {
  Macaulay: 'Macaulay duration is the average time to the payments of a bond, weighted by their present values',
  modified:
    'Modified duration is Macaulay duration, the mean time to payment by present value, divided by one plus the yield',
} as const satisfies Record<DurationKind, string>

/**
 * Macaulay or modified duration in years of a bond with yearly coupons, by the closed form.
 *
 * @see Macaulay, "Some Theoretical Problems Suggested by the Movements of Interest Rates ..." (NBER, 1938), chapter 2; Chua,
 *   "A closed-form formula for calculating bond duration", Financial Analysts Journal 40 (1984) 76
 */
export const bondDuration: TaskFamily = {
  name: 'bond-duration',
  source: 'Macaulay, NBER 1938, ch. 2; Chua, Financial Analysts Journal 40, 1984',
  term: 'the duration of a bond',
  rule: 'Duration is the average time to the payments of a bond, weighted by their present values',
  make: (rng) =>
    bondDurationTask(
      rng,
      drawRate(rng, 1, 12),
      drawRate(rng, 1, 12),
      rng.int(2, 30),
      rng.pick(['Macaulay', 'modified'] as const),
    ),
}

/** The task for a coupon and a yield in percent and a term in years; drawn parts are wording only. */
export function bondDurationTask(
  rng: Rng,
  coupon: number,
  marketYield: number,
  years: number,
  kind: DurationKind,
): TaskBody {
  const grown = 100 + marketYield
  const growth = (1 + marketYield / 100) ** years
  const macaulay =
    grown / marketYield - (grown + years * (coupon - marketYield)) / (coupon * (growth - 1) + marketYield)
  const value = kind === 'Macaulay' ? macaulay : macaulay / (1 + marketYield / 100)
  const y = String(marketYield)
  const closedForm = `(100+${y})/${y}-(100+${y}+${years}*(${coupon}-${y}))/(${coupon}*((1+${y}/100)^${years}-1)+${y})`
  return {
    ...numberTask({
      question: compose(rng, {
        subjects: ['A bond with yearly coupons', `A bond of ${firmName(rng)}, annual coupons`, 'Annual-pay bond'],
        facts: [
          [
            `the annual coupon is ${percent(rng, coupon)}`,
            `annual coupon rate ${percent(rng, coupon)}`,
            `a ${percent(rng, coupon)} annual coupon`,
          ],
          [
            `the yield is ${percent(rng, marketYield)}`,
            `yield to maturity ${percent(rng, marketYield)}`,
            `YTM ${percent(rng, marketYield)}`,
            `priced to yield ${percent(rng, marketYield)}`,
          ],
          [`${years} years to maturity`, `it matures in ${years} years`, `a term of ${years} years`],
        ],
        asks: [
          `What is its ${kind} duration in years?`,
          `Find the ${kind} duration.`,
          `Compute the ${kind} duration in years.`,
          `Work out the bond's ${kind} duration.`,
        ],
      }),
      working: calc(kind === 'Macaulay' ? closedForm : `(${closedForm})/(1+${y}/100)`, value),
      quantity: `The ${kind} duration`,
      value,
      unit: 'years',
    }),
    rule: rules[kind],
  }
}
