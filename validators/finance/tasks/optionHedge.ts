import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'
import { normalCdf } from '../../shared/normal.ts'
import { dExpression, drawOption, type Option, optionFacts, volatilityFact } from '../options.ts'
import { dOf } from './optionPrice.ts'

/**
 * Shares that hedge a number of sold options: their delta by Black and Scholes times the number, negative where shares are
 * to be sold short (puts).
 *
 * @see Black, Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973) 637; Hull,
 *   "Options, Futures, and Other Derivatives" (10th ed., 2018), chapter 19
 */
export const optionHedge: TaskFamily = {
  name: 'option-hedge',
  source: 'Black and Scholes, Journal of Political Economy 81 (1973) 637-654; Hull (10th ed., 2018), chapter 19',
  make: (rng) => optionHedgeTask(rng, drawOption(rng), 100 * rng.int(5, 900)),
}

/** The task for a given option on one share and a number of them; drawn parts are wording only. */
export function optionHedgeTask(rng: Rng, option: Option, count: number): TaskBody {
  const { kind } = option
  const delta = normalCdf(dOf(option, 1)) - (kind === 'call' ? 0 : 1)
  const value = count * delta
  const inner = `N(${dExpression(option, 1)})`
  return numberTask({
    question: compose(rng, {
      subjects: [
        `${count} European ${kind}s on one share each were sold`,
        `A bank sold ${count} European ${kind}s on shares of ${firmName(rng)}`,
        `Short ${count} European ${kind} options, no dividends`,
      ],
      facts: [
        ...optionFacts(rng, option),
        volatilityFact(rng, option),
        [`the position is ${count} ${kind}s`, `${count} ${kind}s are outstanding`, `it concerns ${count} ${kind}s`],
      ],
      asks: [
        'How many shares hedge the position (negative: sold short)?',
        'Find the delta hedge in shares, negative for a short sale.',
        'How many shares must be held to be delta-neutral (minus sign for short)?',
        'Give the Black-Scholes delta hedge in shares, negative if short.',
      ],
    }),
    working: calc(kind === 'call' ? `${count}*${inner}` : `${count}*(${inner}-1)`, value),
    value,
    unit: 'shares',
  })
}
