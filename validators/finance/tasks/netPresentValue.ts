import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, drawRate, money, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

const ordinals = ['first', 'second', 'third'] as const

/**
 * Net present value in dollars: flows at the ends of years 1, 2, 3, discounted at one rate, less the outlay today.
 *
 * @see Brealey, Myers, Allen, "Principles of Corporate Finance" (13th ed., 2020), chapter 2
 */
export const netPresentValue: TaskFamily = {
  name: 'npv',
  source: 'Brealey, Myers, Allen, Principles of Corporate Finance, 2020, ch. 2',
  term: 'the net present value',
  rule: 'Net present value is the sum of the cash flows, each discounted for its years at the required return, less the outlay',
  make: (rng) => {
    const flows = Array.from({ length: rng.int(2, 3) }, () => drawMoney(rng, 500, 60_000))
    return netPresentValueTask(rng, drawMoney(rng, 1000, 90_000), flows, drawRate(rng, 2, 15))
  },
}

/** The task for an outlay, two or three yearly flows and a rate in percent; drawn parts are wording only. */
export function netPresentValueTask(rng: Rng, outlay: number, flows: readonly number[], rate: number): TaskBody {
  const factor = 1 + rate / 100
  const value = flows.reduce((sum, flow, index) => sum + flow / factor ** (index + 1), -outlay)
  const terms = flows.map((flow, index) => `${flow}/(1+${rate}/100)${index === 0 ? '' : `^${index + 1}`}`)
  const shownFlows = flows.map((flow) => money(rng, flow))
  const list = `${shownFlows.slice(0, -1).join(', ')} and ${shownFlows.at(-1)}`
  const byYear = shownFlows.map((flow, index) => `${flow} in year ${index + 1}`).join(', ')
  const byOrdinal = shownFlows.map((flow, index) => `${flow} after the ${ordinals[index]} year`).join(', ')
  const cost = money(rng, outlay)
  return numberTask({
    question: compose(rng, {
      subjects: [
        'A project',
        `${firmName(rng)} weighs an investment`,
        'Investment',
        `A machine for ${firmName(rng)}`,
        'Capital budgeting',
      ],
      facts: [
        [
          `the outlay today is ${cost}`,
          `it costs ${cost} now`,
          `initial investment ${cost}`,
          `${cost} is paid at the start`,
          `price ${cost}`,
        ],
        [
          `yearly cash flows of ${list}`,
          `it returns ${list} at the ends of the next years`,
          `it pays ${byYear}`,
          `cash flows: ${byYear}`,
          `it brings ${byOrdinal}`,
        ],
        [
          `the discount rate is ${percent(rng, rate)}`,
          `discounted at ${percent(rng, rate)}`,
          `cost of capital ${percent(rng, rate)}`,
          `required return ${percent(rng, rate)}`,
        ],
      ],
      asks: [
        'What is the net present value?',
        'Find the NPV.',
        'Compute the net present value.',
        'Work out the NPV in dollars.',
        'How large is the NPV?',
      ],
    }),
    working: calc(`${terms.join('+')}-${outlay}`, value),
    quantity: 'The net present value',
    value,
    unit: 'USD',
  })
}
