import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal, money } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmNoise } from '../../shared/distract.ts'
import { firmName } from '../../shared/names.ts'

/**
 * Yield to maturity of a zero-coupon bond in percent a year, compounded yearly.
 *
 * @see Fabozzi, "Bond Markets, Analysis, and Strategies" (10th ed., 2021), chapter 3
 */
export const zeroYield: TaskFamily = {
  name: 'zero-yield',
  source: 'Fabozzi, Bond Markets, Analysis, and Strategies, 10th ed. 2021, ch. 3',
  term: 'the yield of a zero-coupon bond',
  rule: 'The yield of a zero-coupon bond is the yearly compound rate at which its price grows to the face value',
  make: (rng) => {
    const face = rng.pick([100, 500, 1000, 2000, 5000, 10_000])
    const years = rng.int(2, 20)
    const price = face / (1 + drawDecimal(rng, 1, 14, 1) / 100) ** years
    return zeroYieldTask(rng, face, Math.round(price), years)
  },
}

/** The task for a face value and a price in dollars and a term in years; drawn parts are wording only. */
export function zeroYieldTask(rng: Rng, face: number, price: number, years: number): TaskBody {
  const value = ((face / price) ** (1 / years) - 1) * 100
  const [shownFace, shownPrice] = [money(rng, face), money(rng, price)]
  return numberTask({
    question: compose(rng, {
      subjects: ['A zero-coupon bond', `A zero of ${firmName(rng)}`, 'A discount bond without coupons', 'Zero coupon'],
      facts: [
        [`face value ${shownFace}`, `${shownFace} is repaid at maturity`, `it repays ${shownFace}`, `par ${shownFace}`],
        [`the price is ${shownPrice}`, `it costs ${shownPrice} today`, `it trades at ${shownPrice}`],
        [`${years} years to maturity`, `it matures in ${years} years`, `a term of ${years} years`],
        ...firmNoise(rng),
      ],
      asks: [
        'What is the yield to maturity in percent?',
        'Find the yearly yield in percent.',
        'Compute the yield of the zero in percent.',
        'What does it yield a year, in percent?',
      ],
    }),
    working: calc(`((${face}/${price})^(1/${years})-1)*100`, value),
    quantity: 'The yield to maturity',
    value,
    unit: '%',
  })
}
