import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawRate, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

export interface Capital {
  /** Market values, millions of dollars. */
  readonly equity: number
  readonly debt: number
  /** Percent. */
  readonly costOfEquity: number
  readonly costOfDebt: number
  readonly taxRate: number
}

/**
 * Weighted average cost of capital after tax, in percent.
 *
 * @see Modigliani, Miller, "Corporate income taxes and the cost of capital: a correction", American Economic Review 53
 *   (1963) 433; Brealey, Myers, Allen, "Principles of Corporate Finance" (13th ed., 2020), chapter 19
 */
export const wacc: TaskFamily = {
  name: 'wacc',
  source: 'Brealey, Myers, Allen, Principles of Corporate Finance, 2020, ch. 19',
  term: 'the weighted average cost of capital',
  rule: 'The weighted average cost of capital weights the costs of equity and of debt after tax by their market values',
  make: (rng) =>
    waccTask(rng, {
      equity: rng.int(10, 900),
      debt: rng.int(5, 600),
      costOfEquity: drawRate(rng, 6, 22),
      costOfDebt: drawRate(rng, 1, 10),
      taxRate: rng.int(10, 40),
    }),
}

/** The task for given figures; drawn parts are wording only. */
export function waccTask(rng: Rng, { equity, debt, costOfEquity, costOfDebt, taxRate }: Capital): TaskBody {
  const value = (equity * costOfEquity + debt * costOfDebt * (1 - taxRate / 100)) / (equity + debt)
  const million = rng.pick(['million dollars', 'million USD', 'm dollars'])
  return numberTask({
    question: compose(rng, {
      subjects: [firmName(rng), `${firmName(rng)} values a project`, 'A company', 'Cost of capital'],
      facts: [
        [`equity worth ${equity} ${million}`, `market value of equity ${equity} ${million}`],
        [`debt worth ${debt} ${million}`, `market value of debt ${debt} ${million}`],
        [
          `cost of equity ${percent(rng, costOfEquity)}`,
          `shareholders require ${percent(rng, costOfEquity)}`,
          `equity costs ${percent(rng, costOfEquity)}`,
        ],
        [
          `cost of debt ${percent(rng, costOfDebt)} before tax`,
          `it borrows at ${percent(rng, costOfDebt)}`,
          `lenders charge ${percent(rng, costOfDebt)}`,
        ],
        [`tax rate ${percent(rng, taxRate)}`, `profits are taxed at ${percent(rng, taxRate)}`],
      ],
      asks: [
        'What is the WACC after tax in percent?',
        'Find the weighted average cost of capital in percent.',
        'Compute the after-tax WACC (percent).',
        'Work out the weighted average cost of capital after tax, in percent.',
      ],
    }),
    working: calc(`(${equity}*${costOfEquity}+${debt}*${costOfDebt}*(1-${taxRate}/100))/(${equity}+${debt})`, value),
    quantity: 'The weighted average cost of capital',
    value,
    unit: '%',
  })
}
