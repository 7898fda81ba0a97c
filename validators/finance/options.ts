import type { Rng } from 'faculty/defineValidator'
import { drawDecimal, drawRate, percent } from '../shared/amounts.ts'

/** A European option on a share without dividends. */
export interface Option {
  readonly kind: 'call' | 'put'
  /** Price of the share and exercise price, dollars. */
  readonly spot: number
  readonly strike: number
  /** Percent a year, compounded continuously. */
  readonly rate: number
  /** Percent a year. */
  readonly volatility: number
  readonly years: number
}

export function drawOption(rng: Rng): Option {
  const spot = rng.int(20, 300)
  return {
    kind: rng.pick(['call', 'put'] as const),
    spot,
    strike: Math.round(spot * drawDecimal(rng, 0.85, 1.15, 2)),
    rate: drawRate(rng, 0.5, 9),
    volatility: rng.int(12, 60),
    years: rng.pick([0.25, 0.5, 0.75, 1, 1.5, 2, 3]),
  }
}

/** Spot, strike, rate and term, each in several phrases. */
export function optionFacts(rng: Rng, { spot, strike, rate, years }: Option): (readonly string[])[] {
  const term = years === 1 ? '1 year' : `${years} years`
  return [
    [`the share is at $${spot}`, `share price ${spot} dollars`, `spot ${spot}`, `the stock trades at $${spot}`],
    [`strike ${strike}`, `exercise price $${strike}`, `struck at ${strike} dollars`],
    [
      `risk-free rate ${percent(rng, rate)}, continuously compounded`,
      `the continuous riskless rate is ${percent(rng, rate)}`,
      `a continuous rate of ${percent(rng, rate)}`,
    ],
    [`${term} to expiry`, `it expires in ${term}`, `time to expiry ${term}`],
  ]
}

/** The volatility in several phrases. */
export function volatilityFact(rng: Rng, { volatility }: Option): readonly string[] {
  return [
    `volatility ${percent(rng, volatility)}`,
    `a volatility of ${percent(rng, volatility)}`,
    `the volatility is ${percent(rng, volatility)} a year`,
  ]
}

/** d1 or d2 of Black and Scholes for the calculator, all quantities as given: percentages are multiplied out. */
export function dExpression({ spot, strike, rate, volatility, years }: Option, which: 1 | 2): string {
  const drift = `(${rate}${which === 1 ? '+' : '-'}${volatility}^2/200)`
  return `(100*ln(${spot}/${strike})+${drift}*${years})/(${volatility}*${years}^0.5)`
}
