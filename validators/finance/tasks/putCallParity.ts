import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmNoise } from '../../shared/distract.ts'
import { firmName } from '../../shared/names.ts'
import { drawOption, type Option, optionFacts } from '../options.ts'

/**
 * Price in dollars of a European put from the call's with the same terms, or of the call from the put's: share plus put
 * are worth as much as call plus discounted strike.
 *
 * @see Stoll, "The relationship between put and call option prices", Journal of Finance 24 (1969) 801
 */
export const putCallParity: TaskFamily = {
  name: 'put-call-parity',
  source: 'Stoll, Journal of Finance 24 (1969) 801-824',
  term: 'put-call parity',
  rule: 'By put-call parity a European call plus the discounted strike is worth the like put plus a share without dividends',
  make: (rng) => {
    const option = drawOption(rng)
    const known = drawDecimal(rng, 1, option.spot * 0.3, rng.pick([1, 2]))
    // A price below the bound of no arbitrage would make the other one negative.
    const difference = option.spot - option.strike * Math.exp((-option.rate * option.years) / 100)
    const least = option.kind === 'call' ? difference : -difference
    return putCallParityTask(rng, option, Math.round((known + Math.max(0, least)) * 100) / 100)
  },
}

/** The task for the terms of an option, its kind being the one whose price is known; drawn parts are wording only. */
export function putCallParityTask(rng: Rng, option: Option, known: number): TaskBody {
  const { kind, spot, strike, rate, years } = option
  const other = kind === 'call' ? 'put' : 'call'
  const discounted = strike * Math.exp((-rate * years) / 100)
  const value = kind === 'call' ? known - spot + discounted : known + spot - discounted
  const present = `${strike}*exp(-${rate}*${years}/100)`
  return numberTask({
    question: compose(rng, {
      subjects: ['European options, no dividends', `European options on ${firmName(rng)}`, 'A call and a put alike'],
      facts: [
        ...optionFacts(rng, option),
        [`the ${kind} costs $${known}`, `${kind} price ${known} dollars`, `the ${kind} trades at $${known}`],
        ...firmNoise(rng).slice(0, 1),
      ],
      asks: [
        `What is the price of the ${other} by put-call parity?`,
        `Find the ${other}'s price from put-call parity.`,
        `By parity, what does the ${other} cost?`,
        `Compute the fair price of the ${other} (put-call parity).`,
      ],
    }),
    working: calc(kind === 'call' ? `${known}-${spot}+${present}` : `${known}+${spot}-${present}`, value),
    quantity: `The price of the ${other}`,
    value,
    unit: 'USD',
  })
}
