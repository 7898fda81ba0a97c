import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { firmName } from '../../shared/names.ts'

/** Lines of a statement with the range that they are drawn from, thousands of dollars. */
const lines = {
  cash: [40, 900],
  receivables: [50, 900],
  inventory: [60, 1500],
  payables: [50, 900],
  'short-term loans': [20, 700],
  'long-term debt': [100, 4000],
  equity: [300, 6000],
  revenue: [3000, 9900],
  'cost of sales': [900, 2900],
  'operating profit': [200, 2500],
  'interest expense': [15, 180],
  'net income': [50, 1900],
} as const

export type Line = keyof typeof lines
export type Statement = Readonly<Record<Line, number>>

/** A ratio with its rule, the lines it needs, its value and its expression. */
const ratios = {
  'current ratio': {
    rule: 'The current ratio is current assets (cash, receivables, inventory) over current liabilities such as payables and loans',
    needs: ['cash', 'receivables', 'inventory', 'payables', 'short-term loans'],
    of: (s) => (s.cash + s.receivables + s.inventory) / (s.payables + s['short-term loans']),
    expression: (s) => `(${s.cash}+${s.receivables}+${s.inventory})/(${s.payables}+${s['short-term loans']})`,
  },
  'quick ratio': {
    rule: 'The quick ratio is cash and receivables, without inventory, over current liabilities such as payables and loans',
    needs: ['cash', 'receivables', 'inventory', 'payables', 'short-term loans'],
    of: (s) => (s.cash + s.receivables) / (s.payables + s['short-term loans']),
    expression: (s) => `(${s.cash}+${s.receivables})/(${s.payables}+${s['short-term loans']})`,
  },
  'debt to equity ratio': {
    rule: 'The debt to equity ratio is interest-bearing debt, short-term and long-term, over equity',
    needs: ['short-term loans', 'long-term debt', 'equity'],
    of: (s) => (s['short-term loans'] + s['long-term debt']) / s.equity,
    expression: (s) => `(${s['short-term loans']}+${s['long-term debt']})/${s.equity}`,
  },
  'gross margin in percent': {
    rule: 'The gross margin is revenue less the cost of sales, as a share of revenue',
    needs: ['revenue', 'cost of sales'],
    of: (s) => (100 * (s.revenue - s['cost of sales'])) / s.revenue,
    expression: (s) => `100*(${s.revenue}-${s['cost of sales']})/${s.revenue}`,
  },
  'net margin in percent': {
    rule: 'The net margin is net income as a share of revenue',
    needs: ['revenue', 'net income'],
    of: (s) => (100 * s['net income']) / s.revenue,
    expression: (s) => `100*${s['net income']}/${s.revenue}`,
  },
  'interest cover': {
    rule: 'The interest cover is operating profit over interest expense',
    needs: ['operating profit', 'interest expense'],
    of: (s) => s['operating profit'] / s['interest expense'],
    expression: (s) => `${s['operating profit']}/${s['interest expense']}`,
  },
} satisfies Record<
  string,
  {
    rule: string
    needs: readonly Line[]
    of: (statement: Statement) => number
    expression: (statement: Statement) => string
  }
>

export type Ratio = keyof typeof ratios

/**
 * A ratio from a firm's statements: the lines needed stand among others.
 *
 * @see Robinson, Henry, Pirie, Broihahn, "International Financial Statement Analysis" (CFA Institute, 3rd ed., 2015), chapter 7
 */
export const statementRatio: TaskFamily = {
  name: 'statement-ratio',
  source: 'CFA Institute, International Financial Statement Analysis, 2015, ch. 7',
  term: 'ratio analysis',
  rule: 'Ratio analysis sets one line of the financial statements against another, such as debt against equity',
  make: (rng) => {
    const drawn = Object.entries(lines).map(([name, [least, most]]) => [name, rng.int(least, most)] as const)
    const statement = Object.fromEntries(drawn) as Statement
    return statementRatioTask(rng, rng.pick(Object.keys(ratios) as Ratio[]), statement)
  },
}

/** The task for given statements, of which the lines needed and a few more are shown in drawn order. */
export function statementRatioTask(rng: Rng, ratio: Ratio, statement: Statement): TaskBody {
  const { rule, needs, of, expression } = ratios[ratio]
  const others = (Object.keys(lines) as Line[]).filter((line) => !(needs as readonly Line[]).includes(line))
  const shown = rng.shuffle([...needs, ...rng.shuffle(others).slice(0, rng.int(1, 4))])
  const join = rng.pick([', ', '; ', ' | '])
  const between = rng.pick([' ', ': ', ' of '])
  const table = shown.map((line) => `${line}${between}${statement[line]}`).join(join)
  const firm = firmName(rng)
  const setting = rng.pick([
    `${firm} reports, in thousands of dollars: ${table}.`,
    `Statements of ${firm} (thousand dollars): ${table}.`,
    `In thousands: ${table}.`,
    `From the accounts of ${firm}, thousands of dollars: ${table}.`,
  ])
  const ask = rng.pick([`What is the ${ratio}?`, `Find the ${ratio}.`, `Compute the ${ratio}.`, `Give the ${ratio}.`])
  const value = of(statement)
  return {
    ...numberTask({
      question: rng.bool(0.7) ? `${setting} ${ask}` : `${ask} ${setting}`,
      working: calc(expression(statement), value),
      quantity: `The ${ratio.replace(' in percent', '')}`,
      value,
      unit: ratio.endsWith('percent') ? '%' : 'times',
    }),
    rule,
  }
}
