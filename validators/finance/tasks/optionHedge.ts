import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'
import { normalCdf } from '../../shared/normal.ts'
import { dExpression, drawOption, type Option, optionFacts, volatilityFact } from '../options.ts'
import { dOf } from './optionPrice.ts'

const rules = {
  call: 'Sold calls are hedged by holding their delta in shares, which under Black-Scholes is N(d1) for each call',
  put: 'Sold puts are hedged by selling shares short, as the delta of a put under Black-Scholes is N(d1) less 1, which is negative',
} as const

/**
 * Shares that hedge a number of sold options: their delta by Black and Scholes times the number, negative where shares are
 * to be sold short (puts).
 *
 * @see Black, Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81 (1973) 637; Hull,
 *   "Options, Futures, and Other Derivatives" (10th ed., 2018), chapter 19
 */
export const optionHedge: TaskFamily = {
  name: 'option-hedge',
  source: 'Hull, Options, Futures, and Other Derivatives (10th ed., 2018), ch. 19',
  term: 'the delta hedge of sold options',
  rule: 'A sold option is hedged with delta shares, delta being how far its price moves when the share moves by a dollar',
  make: (rng) => optionHedgeTask(rng, drawOption(rng), 100 * rng.int(5, 900)),
}

/** The task for a given option on one share and a number of them; drawn parts are wording only. */
export function optionHedgeTask(rng: Rng, option: Option, count: number): TaskBody {
  const { kind } = option
  const delta = normalCdf(dOf(option, 1)) - (kind === 'call' ? 0 : 1)
  const value = count * delta
  const inner = `N(${dExpression(option, 1)})`
  return {
    ...numberTask({
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
      quantity: kind === 'call' ? 'The delta hedge' : 'The delta hedge, negative for short,',
      value,
      unit: 'shares',
    }),
    rule: rules[kind],
  }
}
