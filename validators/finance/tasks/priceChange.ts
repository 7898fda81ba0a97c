import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/**
 * Change of a bond's price in percent when its yield moves, from modified duration and convexity.
 *
 * @see Fabozzi, "Bond Markets, Analysis, and Strategies" (10th ed., 2021), chapter 4
 */
export const priceChange: TaskFamily = {
  name: 'price-change',
  source: 'Fabozzi, Bond Markets, Analysis, and Strategies, 10th ed. 2021, ch. 4',
  term: 'the price change of a bond when its yield moves',
  rule: 'A bond price changes by minus modified duration times the yield move plus half its convexity times the move squared',
  make: (rng) =>
    priceChangeTask(
      rng,
      drawDecimal(rng, 2, 18, rng.pick([1, 2])),
      drawDecimal(rng, 5, 300, rng.pick([0, 1])),
      (rng.bool() ? 1 : -1) * 5 * rng.int(4, 50),
    ),
}

/** The task for a modified duration in years, a convexity and a move of the yield in basis points (negative: a fall). */
export function priceChangeTask(rng: Rng, duration: number, convexity: number, moveBp: number): TaskBody {
  const value = (-duration * moveBp) / 100 + (convexity * moveBp ** 2) / 2_000_000
  const size = Math.abs(moveBp)
  return numberTask({
    question: compose(rng, {
      subjects: ['A bond', `A bond of ${firmName(rng)}`, 'A bond portfolio', 'A government bond'],
      facts: [
        [`modified duration ${duration}`, `a modified duration of ${duration}`, `its modified duration is ${duration}`],
        [`convexity ${convexity}`, `a convexity of ${convexity}`, `its convexity is ${convexity}`],
        moveBp > 0
          ? [`yields rise by ${size} basis points`, `the yield goes up ${size} bp`, `rates increase by ${size} bp`]
          : [`yields fall by ${size} basis points`, `the yield goes down ${size} bp`, `rates decrease by ${size} bp`],
      ],
      asks: [
        'By how many percent does the price change (convexity included)?',
        'Estimate the price change in percent from duration plus convexity.',
        'What is the approximate change of its price in percent (with convexity)?',
        'Find the percentage price change by duration plus convexity.',
      ],
    }),
    working: calc(`${duration}*${moveBp > 0 ? '-' : ''}${size}/100+${convexity}*${size}^2/2000000`, value),
    quantity: 'The approximate price change',
    value,
    unit: '%',
  })
}
