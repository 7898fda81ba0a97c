import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal, drawMoney, money, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** Quantiles of the standard normal distribution by confidence in percent. */
const quantiles = { 95: 1.645, 97.5: 1.96, 99: 2.326 } as const

export type Confidence = keyof typeof quantiles

/**
 * Value at risk in dollars under normal returns without drift, independent from day to day.
 *
 * @see J.P. Morgan/Reuters, "RiskMetrics Technical Document" (4th ed., 1996), chapter 1
 */
export const valueAtRisk: TaskFamily = {
  name: 'value-at-risk',
  source: 'J.P. Morgan/Reuters, RiskMetrics Technical Document (1996), chapter 1',
  term: 'value at risk',
  rule: 'Value at risk, a loss seldom exceeded, is value times daily volatility, normal quantile and square root of the days',
  make: (rng) =>
    valueAtRiskTask(
      rng,
      drawMoney(rng, 50_000, 9_000_000),
      drawDecimal(rng, 0.3, 4, rng.pick([1, 2])),
      rng.pick([1, 5, 10, rng.int(2, 30)]),
      rng.pick([95, 97.5, 99] as const),
    ),
}

/** The task for a value in dollars, a daily volatility in percent, a horizon in days and a confidence in percent. */
export function valueAtRiskTask(
  rng: Rng,
  portfolio: number,
  volatility: number,
  days: number,
  confidence: Confidence,
): TaskBody {
  const quantile = quantiles[confidence]
  const value = ((portfolio * volatility) / 100) * quantile * Math.sqrt(days)
  const shown = money(rng, portfolio)
  return numberTask({
    question: compose(rng, {
      subjects: ['A portfolio', `The trading book of ${firmName(rng)}`, 'A fund', 'Market risk'],
      facts: [
        [`worth ${shown}`, `value ${shown}`, `a position of ${shown}`],
        [
          `daily volatility ${percent(rng, volatility)}`,
          `a volatility of ${percent(rng, volatility)} a day`,
          `returns vary by ${percent(rng, volatility)} a day`,
        ],
        [
          days === 1 ? 'horizon 1 day' : `horizon ${days} days`,
          days === 1 ? 'over 1 day' : `over ${days} days`,
          `holding period ${days} ${days === 1 ? 'day' : 'days'}`,
        ],
        [`confidence ${percent(rng, confidence)}`, `at the ${percent(rng, confidence)} level`],
      ],
      asks: [
        'What is the value at risk under normal returns?',
        'Find the VaR (normal returns, no drift).',
        'Compute the parametric value at risk in dollars.',
        'How large is the normal VaR?',
      ],
    }),
    working: calc(`${portfolio}*${volatility}/100*${quantile}*${days}^0.5`, value),
    quantity: 'The value at risk',
    value,
    unit: 'USD',
  })
}
