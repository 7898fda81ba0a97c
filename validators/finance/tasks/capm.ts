import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal, drawRate, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/**
 * Expected return in percent by the capital asset pricing model, from the market's return or its premium.
 *
 * @see Sharpe, "Capital asset prices", Journal of Finance 19 (1964) 425
 */
export const capm: TaskFamily = {
  name: 'capm',
  source: 'Sharpe, Journal of Finance 19 (1964) 425-442',
  term: 'the capital asset pricing model',
  rule: "In the capital asset pricing model a share should return the risk-free rate plus beta times the market's return above it",
  make: (rng) =>
    capmTask(
      rng,
      drawRate(rng, 0.5, 6),
      drawDecimal(rng, 0.3, 2.4, rng.pick([1, 2])),
      drawRate(rng, 6.5, 15),
      rng.pick(['market', 'premium'] as const),
    ),
}

/**
 * The task for a risk-free rate, a beta and, as `given` says, the market's return or the premium over the risk-free
 * rate, all rates in percent; drawn parts are wording only.
 */
export function capmTask(
  rng: Rng,
  riskFree: number,
  beta: number,
  market: number,
  given: 'market' | 'premium',
): TaskBody {
  const value = given === 'market' ? riskFree + beta * (market - riskFree) : riskFree + beta * market
  const rate = percent(rng, market)
  return numberTask({
    question: compose(rng, {
      subjects: [
        `Shares of ${firmName(rng)}`,
        'A stock',
        'CAPM',
        `${firmName(rng)} estimates its cost of equity`,
        'A listed share',
      ],
      facts: [
        [
          `the risk-free rate is ${percent(rng, riskFree)}`,
          `risk-free rate ${percent(rng, riskFree)}`,
          `treasury bills yield ${percent(rng, riskFree)}`,
          `the riskless rate is ${percent(rng, riskFree)}`,
        ],
        [`beta ${beta}`, `a beta of ${beta}`, `its beta is ${beta}`, `the beta is ${beta}`],
        given === 'market'
          ? [
              `the market returns ${rate}`,
              `expected market return ${rate}`,
              `the return on the market is ${rate}`,
              `the market portfolio earns ${rate}`,
            ]
          : [
              `the market risk premium is ${rate}`,
              `equity risk premium ${rate}`,
              `the premium on the market is ${rate}`,
              `a market risk premium of ${rate}`,
            ],
      ],
      asks: [
        'What is the expected return in percent?',
        'Find the cost of equity by CAPM in percent.',
        'Work out the CAPM return in percent.',
        'What return does the CAPM give, in percent?',
      ],
    }),
    working: calc(
      given === 'market' ? `${riskFree}+${beta}*(${market}-${riskFree})` : `${riskFree}+${beta}*${market}`,
      value,
    ),
    quantity: 'The expected return',
    value,
    unit: '%',
  })
}
