import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { calc, claimsTask, resultText, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmNoise } from '../../shared/distract.ts'
import { firmName } from '../../shared/names.ts'

const lines = ['revenue', 'profit', 'turnover', 'income', 'cash flow', 'rent', 'spending', 'payroll']

const words = {
  up: { verb: 'rose', says: 'rose|rise|rises|risen|grew|grown|increased|increase|climbed|gained|up' },
  down: { verb: 'fell', says: 'fell|fall|falls|fallen|shrank|decreased|decrease|declined|decline|dropped|down' },
  above: { place: 'above', says: 'above|over|higher|exceeds|exceeded|beats|beat' },
  below: { place: 'below', says: 'below|under|lower|missed|misses' },
} as const

/**
 * A note in words on a line of the accounts: whether and by how many percent it rose or fell, and by how many dollars it
 * lies above or below the budget.
 *
 * @see Datar, Rajan, "Horngren's Cost Accounting: A Managerial Emphasis" (16th ed., 2018), chapter 7 (variances)
 */
export const varianceNote: TaskFamily = {
  name: 'variance-note',
  source: "Datar and Rajan, Horngren's Cost Accounting (16th ed., 2018), ch. 7",
  term: 'a budget variance',
  rule: 'A budget variance is the actual figure less the budgeted one; a change is told in percent of the year before',
  make: (rng) => {
    const before = drawMoney(rng, 2000, 90_000)
    for (;;) {
      const now = drawMoney(rng, Math.ceil(before * 0.5), Math.ceil(before * 1.6))
      const budget = drawMoney(rng, Math.ceil(before * 0.5), Math.ceil(before * 1.6))
      if (now !== before && budget !== now) return varianceNoteTask(rng, before, now, budget)
    }
  },
}

/** The task for last year's figure, this year's and its budget in dollars, all different; drawn parts are wording only. */
export function varianceNoteTask(rng: Rng, before: number, now: number, budget: number): TaskBody {
  const line = rng.pick(lines)
  const [move, opposite] = now > before ? [words.up, words.down] : [words.down, words.up]
  const [place, other] = now > budget ? [words.above, words.below] : [words.below, words.above]
  const [high, low] = now > before ? [now, before] : [before, now]
  const [more, less] = now > budget ? [now, budget] : [budget, now]
  const change = (100 * (high - low)) / before
  const [then, today, plan] = [money(rng, before), money(rng, now), money(rng, budget)]
  return claimsTask({
    question: compose(rng, {
      subjects: [
        firmName(rng),
        `Accounts of ${firmName(rng)}`,
        'A management report',
        `Board meeting of ${firmName(rng)}`,
      ],
      facts: [
        [`${line} last year ${then}`, `last year's ${line} was ${then}`, `${line} of the previous year: ${then}`],
        [`${line} this year ${today}`, `this year's ${line} is ${today}`, `${line} of the current year: ${today}`],
        [`budget for this year ${plan}`, `${plan} was budgeted`, `the budget is ${plan}`],
        ...firmNoise(rng),
      ],
      asks: [
        `Say in a sentence or two by how many percent the ${line} rose or fell (also how many dollars it is above or below budget).`,
        `Write a short note on the change of the ${line} in percent (also on its distance from the budget in dollars).`,
        `Explain how the ${line} developed in percent (also how it compares with the budget in dollars).`,
      ],
    }),
    working: [
      calc(`${now}>${before}`, Number(now > before)),
      calc(`100*(${high}-${low})/${before}`, change),
      calc(`${now}>${budget}`, Number(now > budget)),
      calc(`${more}-${less}`, more - less),
    ].join(', '),
    answer: `The ${line} ${move.verb} by ${resultText(change)} percent. It is ${more - less} dollars ${place.place} the budget.`,
    required: [
      { says: [move.says], denies: [opposite.says] },
      { says: ['{n} percent'], denies: [], value: change, tolerance: Math.max(0.06, change * 0.002) },
      {
        says: [`${place.says} * budget|plan|target`],
        denies: [`${other.says} * budget|plan|target`],
      },
      {
        says: [`{n} * ${place.says}`, `${place.says} * budget|plan|target by {n}`],
        denies: [],
        value: more - less,
        tolerance: 0.51,
      },
    ],
  })
}
