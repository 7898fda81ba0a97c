import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { firmName, personName } from '../../shared/names.ts'

/** Reporters with the court that a citation names, the years that they cover and their last volume, nearly. */
const reporters = {
  'U.S.': { court: '', from: 1925, to: 2024, volumes: 600 },
  'F.2d': { court: '7th Cir. ', from: 1925, to: 1993, volumes: 999 },
  'F.3d': { court: '9th Cir. ', from: 1993, to: 2021, volumes: 999 },
  'F.4th': { court: '5th Cir. ', from: 2021, to: 2024, volumes: 120 },
  'F. Supp. 2d': { court: 'S.D.N.Y. ', from: 1998, to: 2014, volumes: 999 },
} as const

/** A case as a reporter prints it, cited at a page. */
export interface CaseCitation {
  readonly reporter: keyof typeof reporters
  readonly volume: number
  readonly firstPage: number
  /** The page cited; the first page or a later one. */
  readonly pinpoint: number
  readonly year: number
}

/** What is asked of a citation: one of its numbers, or how far into the report the cited page lies. */
const questions = {
  volume: ['In which volume is it reported?', 'What is the volume?', 'Give the volume number.'],
  firstPage: ['On which page does it begin?', 'What is the first page?', 'Give the page on which the report starts.'],
  year: ['In which year was it decided?', 'What is the year of the decision?', 'Give the year.'],
  depth: [
    'How many pages after its first page is the cited one?',
    'How far, in pages, is the pinpoint from the first page?',
    'By how many pages does the pinpoint page lie behind the first?',
  ],
} as const

export type CitationQuestion = keyof typeof questions

const quantities: Readonly<Record<CitationQuestion, string>> = {
  volume: 'The volume',
  firstPage: 'The first page',
  year: 'The year of the decision',
  depth: 'The distance in pages',
}

/**
 * A number out of a case citation: volume, first page, year, or the distance of the page cited.
 *
 * @see The Bluebook: A Uniform System of Citation (21st ed., 2020), rules 3.2(a), 10.3, 10.4 and 10.5
 */
export const citation: TaskFamily = {
  name: 'citation',
  source: 'The Bluebook (21st ed., 2020), rules 3.2(a), 10.3, 10.4 and 10.5',
  term: 'a case citation',
  rule: 'A case citation gives volume, reporter, first page and page cited, and in parentheses the court if needed and the year',
  make: (rng) => {
    const firstPage = rng.int(2, 1400)
    const reporter = rng.pick(Object.keys(reporters) as (keyof typeof reporters)[])
    const { from, to, volumes } = reporters[reporter]
    return citationTask(rng, rng.pick(Object.keys(questions) as CitationQuestion[]), {
      reporter,
      volume: rng.int(11, volumes),
      firstPage,
      pinpoint: firstPage + rng.int(1, 60),
      year: rng.int(from, to),
    })
  },
}

/** The task for a given citation; the parties and the wording are drawn. */
export function citationTask(rng: Rng, asked: CitationQuestion, cited: CaseCitation): TaskBody {
  const { reporter, volume, firstPage, pinpoint, year } = cited
  const party = (): string => (rng.bool() ? personName(rng).split(' ')[1]! : firmName(rng))
  const text = `${party()} v. ${party()}, ${volume} ${reporter} ${firstPage}, ${pinpoint} (${reporters[reporter].court}${year})`
  const setting = rng.pick([
    `The brief cites ${text}.`,
    `Citation: ${text}.`,
    `See ${text}.`,
    `Counsel relies on ${text}.`,
  ])
  const ask = rng.pick(questions[asked])
  const [value, expression] =
    asked === 'depth' ? [pinpoint - firstPage, `${pinpoint}-${firstPage}`] : [cited[asked], String(cited[asked])]
  return numberTask({
    question: rng.bool(0.7) ? `${setting} ${ask}` : `${ask} ${setting}`,
    working: calc(expression, value),
    quantity: quantities[asked],
    value,
    unit: '',
    // A neighbouring page or year is another one.
    tolerance: 0.4,
  })
}
