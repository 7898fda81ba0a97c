import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawRate, money, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/**
 * Price in dollars of a bond with yearly coupons right after a coupon date: the coupons' annuity and the face value,
 * both discounted at the yield.
 *
 * @see Fabozzi, "Bond Markets, Analysis, and Strategies" (10th ed., 2021), chapter 2
 */
export const bondPrice: TaskFamily = {
  name: 'bond-price',
  source: 'Fabozzi, Bond Markets, Analysis, and Strategies, 10th ed. 2021, ch. 2',
  term: 'the price of a bond',
  rule: 'The price of a bond is its coupons and its face value, all discounted at the yield to maturity',
  make: (rng) =>
    bondPriceTask(
      rng,
      rng.pick([100, 500, 1000, 2000, 5000]),
      drawRate(rng, 1, 12),
      drawRate(rng, 1, 12),
      rng.int(2, 30),
    ),
}

/** The task for a face value, coupon and yield in percent and a term in years; drawn parts are wording only. */
export function bondPriceTask(rng: Rng, face: number, coupon: number, marketYield: number, years: number): TaskBody {
  const rate = marketYield / 100
  const discount = (1 + rate) ** years
  const value = ((face * coupon) / 100) * ((1 - 1 / discount) / rate) + face / discount
  const factor = `(1+${marketYield}/100)^${years}`
  const shown = money(rng, face)
  return numberTask({
    question: compose(rng, {
      subjects: [
        'A bond with yearly coupons',
        `A bond of ${firmName(rng)}, coupons paid once a year`,
        'Annual-pay bond',
        'A corporate bond, annual coupons',
      ],
      facts: [
        [
          `face value ${shown}`,
          `par value ${shown}`,
          `${shown} is repaid at maturity`,
          `the nominal is ${shown}`,
          `principal ${shown}`,
        ],
        [
          `the annual coupon is ${percent(rng, coupon)}`,
          `annual coupon rate ${percent(rng, coupon)}`,
          `it pays a yearly coupon of ${percent(rng, coupon)}`,
          `a ${percent(rng, coupon)} annual coupon`,
        ],
        [
          `the yield is ${percent(rng, marketYield)}`,
          `yield to maturity ${percent(rng, marketYield)}`,
          `priced to yield ${percent(rng, marketYield)}`,
          `YTM ${percent(rng, marketYield)}`,
          `investors require ${percent(rng, marketYield)}`,
        ],
        [
          `${years} years to maturity`,
          `it matures in ${years} years`,
          `a term of ${years} years`,
          `${years} years remain`,
          `maturity ${years} years`,
        ],
      ],
      asks: [
        'What is its price?',
        'Find the price of the bond.',
        'What is the bond worth?',
        'Compute the bond price.',
        'Value the bond.',
      ],
    }),
    working: calc(`${face}*${coupon}/100*((1-1/${factor})/(${marketYield}/100))+${face}/${factor}`, value),
    quantity: 'The price of the bond',
    value,
    unit: 'USD',
  })
}
