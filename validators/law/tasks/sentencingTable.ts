import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

const categories = ['I', 'II', 'III', 'IV'] as const
const rowLetters = ['A', 'B', 'C'] as const

/** Rows of least months of imprisonment, one number for each criminal history category from I on, by offence level. */
export type SentencingTable = readonly { readonly level: number; readonly months: readonly number[] }[]

/** A base offence level with what is added and taken off, and the criminal history category counted from 0. */
export interface Offence {
  readonly base: number
  readonly added: number
  readonly taken: number
  readonly category: number
}

/**
 * Least months of imprisonment out of a table that the question gives: the row of the adjusted offence level, the column
 * of the criminal history category. The figures are made up, so the table must be read.
 *
 * @see United States Sentencing Commission, Guidelines Manual (2023), § 1B1.1(a), chapter 5 part A, § 3C1.1 and § 3E1.1
 */
export const sentencingTable: TaskFamily = {
  name: 'sentencing-table',
  source: 'U.S. Sentencing Guidelines (2023), §§ 1B1.1(a), 3C1.1, 3E1.1, ch. 5A',
  term: 'the low end of the guideline range',
  rule: 'The low end of the guideline range stands in the row of the offence level and the column of the criminal history',
  make: (rng) => {
    const first = rng.int(8, 34)
    let months = rng.int(4, 60)
    const table = [0, 1, 2].map((row) => ({
      level: first + row,
      months: categories.slice(0, 3).map(() => {
        months += rng.int(1, 9)
        return months
      }),
    }))
    const { level } = rng.pick(table)
    const [added, taken] = [rng.pick([0, 2, 4]), rng.pick([0, 2, 3])]
    return sentencingTableTask(rng, table, { base: level - added + taken, added, taken, category: rng.int(0, 2) })
  },
}

/** The task for a given table and offence; drawn parts are wording only. */
export function sentencingTableTask(
  rng: Rng,
  table: SentencingTable,
  { base, added, taken, category }: Offence,
): TaskBody {
  const level = base + added - taken
  const place = table.findIndex((one) => one.level === level)
  const row = table[place]
  if (row === undefined) throw new RangeError(`sentencingTableTask: level ${level} is not in the table`)
  const value = row.months[category]!
  const shownRow = ({ months }: SentencingTable[number]): string =>
    months.map((least, column) => `${categories[column]} ${least}`).join(', ')
  const rows = table.map((one, index) => `${rowLetters[index]} level ${one.level}: ${shownRow(one)}`).join('; ')
  const adjustment = `${added === 0 ? '' : `+${added}`}${taken === 0 ? '' : `-${taken}`}`
  const upTo = row.months
    .slice(0, category + 1)
    .map(
      (least, column) => `${categories[column]} ${least} ${calc(`${category + 1}-${column + 1}`, category - column)}`,
    )
  const name = personName(rng)
  return numberTask({
    question: compose(rng, {
      subjects: [`${name} is sentenced`, 'Sentencing', `The guidelines for ${name}`],
      facts: [
        [`table of least months: ${rows}`, `the table, least months, reads ${rows}`],
        [`base offence level ${base}`, `the base level is ${base}`, `an offence of level ${base}`],
        [`criminal history category ${categories[category]}`, `history category ${categories[category]}`],
        ...(added === 0 ? [] : [[`${added} levels more for obstruction`, `an increase of ${added} levels`]]),
        ...(taken === 0 ? [] : [[`${taken} levels less for acceptance`, `a decrease of ${taken} levels`]]),
      ],
      asks: [
        'What are the least months of imprisonment?',
        'Find the lower end of the range in months.',
        'How many months is the minimum of the range?',
      ],
    }),
    working: [
      calc(`${base}${adjustment}`, level),
      `${categories[category]} ${category + 1}`,
      // Row by row and column by column: a small model finds a row by its letter long before it finds it by two digits, and
      // does not see by itself where to stop.
      ...table
        .slice(0, place + 1)
        .map((one, index) => `${rowLetters[index]} ${one.level} ${calc(`${level}-${one.level}`, level - one.level)}`),
      `${rowLetters[place]} level ${level}: ${upTo.join(', ')}`,
      calc(String(value), value),
    ].join(', '),
    quantity: 'The low end of the range',
    value,
    unit: 'months',
    tolerance: 0.4,
  })
}
