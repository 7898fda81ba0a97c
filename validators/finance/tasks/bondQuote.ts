import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawRate, percent } from '../../shared/amounts.ts'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

const labels = ['premium', 'discount', 'par'] as const

/**
 * Where a bond trades against its face value: at a premium where the coupon is above the yield, at a discount where
 * it is below, at par where both are equal.
 *
 * @see Fabozzi, "Bond Markets, Analysis, and Strategies" (10th ed., 2021), chapter 2
 */
export const bondQuote: TaskFamily = {
  name: 'bond-quote',
  source: 'Fabozzi, Bond Markets, Analysis, and Strategies, 10th ed. 2021, ch. 2',
  term: "a bond's premium or discount",
  rule: 'A bond is at a premium, above par, if its coupon exceeds its yield, at a discount if it is lower, at par if they are equal',
  make: (rng) => {
    const label = rng.pick(labels)
    const coupon = drawRate(rng, 1, 14)
    if (label === 'par') return bondQuoteTask(rng, coupon, coupon)
    for (;;) {
      const other = drawRate(rng, Math.max(0.5, coupon - 4), coupon + 4)
      if (other !== coupon) {
        const high = Math.max(coupon, other)
        const low = Math.min(coupon, other)
        return label === 'premium' ? bondQuoteTask(rng, high, low) : bondQuoteTask(rng, low, high)
      }
    }
  },
}

/** The task for a coupon and a yield in percent; drawn parts are wording only. */
export function bondQuoteTask(rng: Rng, coupon: number, marketYield: number): TaskBody {
  const above = coupon > marketYield ? 'premium' : 'discount'
  const label = coupon === marketYield ? 'par' : above
  return labelTask({
    question: compose(rng, {
      subjects: ['A bond', `A bond of ${firmName(rng)}`, 'Bond quote', `Debt issued by ${firmName(rng)}`],
      facts: [
        [
          `the coupon is ${percent(rng, coupon)}`,
          `coupon rate ${percent(rng, coupon)}`,
          `it pays a coupon of ${percent(rng, coupon)}`,
          `a ${percent(rng, coupon)} coupon`,
        ],
        [
          `the yield is ${percent(rng, marketYield)}`,
          `yield to maturity ${percent(rng, marketYield)}`,
          `the market yield is ${percent(rng, marketYield)}`,
          `YTM ${percent(rng, marketYield)}`,
          `investors require ${percent(rng, marketYield)}`,
        ],
      ],
      asks: [
        'Does it trade at a premium, at a discount or at par?',
        'Premium, discount or par?',
        'Answer premium, discount or par.',
        'How does it trade: premium, discount or par?',
        'Say whether it is quoted at a premium, a discount or par.',
      ],
    }),
    working: calc(`${coupon}-${marketYield}`, coupon - marketYield),
    statement: label === 'par' ? 'The bond trades at par.' : `The bond trades at a ${label}.`,
    label,
    labels,
  })
}
