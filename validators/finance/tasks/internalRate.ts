import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmNoise } from '../../shared/distract.ts'
import { firmName } from '../../shared/names.ts'

/**
 * Internal rate of return in percent of an outlay today and flows at the ends of years 1 and 2: the positive root of a
 * quadratic equation.
 *
 * @see Brealey, Myers, Allen, "Principles of Corporate Finance" (13th ed., 2020), chapter 5
 */
export const internalRate: TaskFamily = {
  name: 'irr',
  source: 'Brealey, Myers, Allen, Principles of Corporate Finance, 2020, ch. 5',
  term: 'the internal rate of return',
  rule: 'The internal rate of return is the discount rate at which the net present value of all cash flows is zero',
  make: (rng) => {
    const outlay = drawMoney(rng, 1000, 60_000)
    const first = drawMoney(rng, Math.ceil(outlay * 0.3), Math.ceil(outlay * 0.9))
    return internalRateTask(rng, outlay, first, drawMoney(rng, Math.ceil(outlay * 0.6), Math.ceil(outlay * 1.1)))
  },
}

/** The task for an outlay and two flows in dollars; drawn parts are wording only. */
export function internalRateTask(rng: Rng, outlay: number, first: number, second: number): TaskBody {
  const value = ((first + (first ** 2 + 4 * outlay * second) ** 0.5) / (2 * outlay) - 1) * 100
  const [cost, one, two] = [money(rng, outlay), money(rng, first), money(rng, second)]
  return numberTask({
    question: compose(rng, {
      subjects: ['A project', `${firmName(rng)} weighs an investment`, 'Investment', `A machine for ${firmName(rng)}`],
      facts: [
        [`the outlay today is ${cost}`, `it costs ${cost} now`, `initial investment ${cost}`, `price ${cost}`],
        [`it returns ${one} after one year`, `${one} comes in at the end of year 1`, `cash flow of year 1: ${one}`],
        [`it returns ${two} after two years`, `${two} comes in at the end of year 2`, `cash flow of year 2: ${two}`],
        ...firmNoise(rng),
      ],
      asks: [
        'What is the internal rate of return in percent?',
        'Find the IRR in percent.',
        'Compute the IRR (percent a year).',
        'At which yearly rate in percent is its net present value zero?',
      ],
    }),
    working: calc(`((${first}+(${first}^2+4*${outlay}*${second})^0.5)/(2*${outlay})-1)*100`, value),
    quantity: 'The internal rate of return',
    value,
    unit: '%',
  })
}
