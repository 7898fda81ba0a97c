import type { Rng } from 'faculty/defineValidator'

/*
 * Numbers as people write them in questions. What is drawn is what is shown: a draw has at most the decimals asked
 * for, so the truth is computed from exactly the number in the text.
 */

/** Uniform over the multiples of 10^-decimals in [min, max]. */
export function drawDecimal(rng: Rng, min: number, max: number, decimals: number): number {
  const scale = 10 ** decimals
  return rng.int(Math.round(min * scale), Math.round(max * scale)) / scale
}

/** A rate in percent with zero, one or two decimals, e.g. 5, 5.2 or 5.25. */
export function drawRate(rng: Rng, min: number, max: number): number {
  return drawDecimal(rng, min, max, rng.pick([0, 1, 1, 2]))
}

/** An amount of money, round in two of three cases: 12500, 12000, 12437. */
export function drawMoney(rng: Rng, min: number, max: number): number {
  const steps = [1, 10, 50, 100, 500, 1000].filter((step) => step * 20 <= max - min)
  const step = rng.pick(steps)
  return rng.int(Math.ceil(min / step), Math.floor(max / step)) * step
}

/** `$12,500`, `$12500`, `USD 12,500` or `12,500 dollars`. */
export function money(rng: Rng, amount: number, currency: Currency = 'dollar'): string {
  const number = rng.bool() ? grouped(amount) : String(amount)
  const { symbol, code, word } = currencies[currency]
  return rng.pick([`${symbol}${number}`, `${symbol}${number}`, `${code} ${number}`, `${number} ${word}`])
}

/** `5.2%`, `5.2 %`, `5.2 percent` or `5.2 per cent`. */
export function percent(rng: Rng, rate: number): string {
  return `${rate}${rng.pick(['%', '%', ' %', ' percent', ' per cent'])}`
}

export type Currency = keyof typeof currencies

const currencies = {
  dollar: { symbol: '$', code: 'USD', word: 'dollars' },
  euro: { symbol: '€', code: 'EUR', word: 'euros' },
  pound: { symbol: '£', code: 'GBP', word: 'pounds' },
} as const

function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',')
}
