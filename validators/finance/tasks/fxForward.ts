import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal, drawRate, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** Currencies of which many make a dollar, with the range of their rates. */
const currencies = [
  { code: 'JPY', least: 95, most: 165 },
  { code: 'INR', least: 65, most: 95 },
  { code: 'HUF', least: 270, most: 420 },
  { code: 'CZK', least: 19, most: 27 },
  { code: 'MXN', least: 15, most: 24 },
  { code: 'THB', least: 28, most: 40 },
  { code: 'PHP', least: 45, most: 60 },
  { code: 'ISK', least: 105, most: 150 },
] as const

/** A quotation in units of a currency for one dollar, with the simple yearly rates in percent. */
export interface Forward {
  readonly code: string
  readonly spot: number
  readonly rate: number
  readonly dollarRate: number
  /** Of a year of 360 days. */
  readonly days: number
}

/**
 * Forward exchange rate by covered interest parity with simple interest over days of a 360-day year.
 *
 * @see Keynes, "A Tract on Monetary Reform" (1923), chapter 3; Hull, "Options, Futures, and Other Derivatives" (10th ed.,
 *   2018), section 5.10
 */
export const fxForward: TaskFamily = {
  name: 'fx-forward',
  source: 'Keynes, A Tract on Monetary Reform (1923), chapter 3',
  term: 'the forward exchange rate',
  rule: 'By covered interest parity the forward rate is spot times one plus interest of the currency, over one plus that of the dollar',
  make: (rng) => {
    const { code, least, most } = rng.pick(currencies)
    return fxForwardTask(rng, {
      code,
      spot: drawDecimal(rng, least, most, rng.pick([1, 2])),
      rate: drawRate(rng, 0.5, 12),
      dollarRate: drawRate(rng, 0.5, 7),
      days: rng.bool() ? 30 * rng.int(1, 12) : rng.int(20, 360),
    })
  },
}

/** The task for a given quotation; drawn parts are wording only. */
export function fxForwardTask(rng: Rng, { code, spot, rate, dollarRate, days }: Forward): TaskBody {
  const value = (spot * (1 + (rate * days) / 36_000)) / (1 + (dollarRate * days) / 36_000)
  return numberTask({
    question: compose(rng, {
      subjects: [`${code} against the dollar`, `${firmName(rng)} hedges ${code}`, `A forward on USD/${code}`],
      facts: [
        [
          `spot ${spot} ${code} per dollar`,
          `a dollar costs ${spot} ${code}`,
          `the spot rate is ${spot} ${code} per USD`,
        ],
        [`${code} interest ${percent(rng, rate)}`, `the ${code} rate is ${percent(rng, rate)} a year`],
        [`dollar interest ${percent(rng, dollarRate)}`, `the dollar rate is ${percent(rng, dollarRate)} a year`],
        [`${days} days`, `delivery in ${days} days`, `a term of ${days} days`],
      ],
      asks: [
        `What is the forward rate in ${code} per dollar (simple interest over a 360-day year)?`,
        `Find the forward rate (${code} per USD) on a 360-day year.`,
        `Compute the outright forward in ${code} per dollar (simple interest over a year of 360 days).`,
      ],
    }),
    working: calc(`${spot}*(1+${rate}*${days}/36000)/(1+${dollarRate}*${days}/36000)`, value),
    quantity: 'The forward price of a dollar',
    value,
    unit: code,
  })
}
