import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'
import { normalCdf } from '../../shared/normal.ts'
import { dExpression, drawOption, type Option, optionFacts, volatilityFact } from '../options.ts'

const rules = {
  call: 'A European call is worth the share times N(d1) less the discounted strike times N(d2), N being the normal distribution',
  put: 'A European put is worth the discounted strike times N(-d2) less the share times N(-d1), N being the normal distribution',
} as const

/**
 * Price in dollars of a European option on a share without dividends.
 *
 * @see Black, Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973) 637
 */
export const optionPrice: TaskFamily = {
  name: 'option-price',
  source: 'Black and Scholes, Journal of Political Economy 81 (1973) 637-654',
  term: 'the Black-Scholes price of an option',
  rule: 'The Black-Scholes price is the discounted mean payoff of an option on a share that grows at the riskless rate',
  make: (rng) => optionPriceTask(rng, drawOption(rng)),
}

/** The task for a given option; drawn parts are wording only. */
export function optionPriceTask(rng: Rng, option: Option): TaskBody {
  const { kind, spot, strike, rate, years } = option
  const [d1, d2] = [dOf(option, 1), dOf(option, 2)]
  const discounted = strike * Math.exp((-rate * years) / 100)
  const value =
    kind === 'call'
      ? spot * normalCdf(d1) - discounted * normalCdf(d2)
      : discounted * normalCdf(-d2) - spot * normalCdf(-d1)
  const present = `${strike}*exp(-${rate}*${years}/100)`
  const [one, two] = [dExpression(option, 1), dExpression(option, 2)]
  return {
    ...numberTask({
      question: compose(rng, {
        subjects: [
          `A European ${kind}`,
          `A European ${kind} on ${firmName(rng)}`,
          `European ${kind} option, no dividends`,
        ],
        facts: [...optionFacts(rng, option), volatilityFact(rng, option)],
        asks: [
          `What is the Black-Scholes price of the ${kind}?`,
          `Price the ${kind} by Black-Scholes.`,
          `Find the Black-Scholes value of the ${kind} in dollars.`,
          `Compute the ${kind}'s price (Black-Scholes).`,
        ],
      }),
      working: calc(
        kind === 'call' ? `${spot}*N(${one})-${present}*N(${two})` : `${present}*N(-${two})-${spot}*N(-${one})`,
        value,
      ),
      quantity: `The price of the ${kind}`,
      value,
      unit: 'USD',
    }),
    rule: rules[kind],
  }
}

/** d1 or d2, as a number. */
export function dOf({ spot, strike, rate, volatility, years }: Option, which: 1 | 2): number {
  const drift = rate / 100 + ((which === 1 ? 1 : -1) * (volatility / 100) ** 2) / 2
  return (Math.log(spot / strike) + drift * years) / ((volatility / 100) * Math.sqrt(years))
}
