import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, claimsTask, resultText, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

const analytes = [
  { name: 'potassium', unit: 'mmol/L', low: 3.5, high: 5.1, spread: 2.4 },
  { name: 'phosphate', unit: 'mmol/L', low: 0.8, high: 1.5, spread: 0.7 },
  { name: 'magnesium', unit: 'mmol/L', low: 0.7, high: 1.1, spread: 0.6 },
  { name: 'haemoglobin', unit: 'g/dL', low: 12.1, high: 16.2, spread: 6 },
  { name: 'albumin', unit: 'g/dL', low: 3.5, high: 5.1, spread: 2 },
  { name: 'urate', unit: 'mg/dL', low: 3.4, high: 7.1, spread: 3 },
  { name: 'lactate', unit: 'mmol/L', low: 0.6, high: 2.1, spread: 0.5 },
  { name: 'calcium', unit: 'mg/dL', low: 8.5, high: 10.4, spread: 3 },
] as const

/** A result with the reference range that the laboratory gives, in one unit. */
export interface LabResult {
  readonly name: string
  readonly unit: string
  readonly low: number
  readonly high: number
  readonly value: number
}

/** Phrases that give a verdict. */
const verdicts = {
  high: ['is|was * high|raised|elevated|increased', 'above|over|exceeds * upper|range|maximum'],
  low: ['is|was * low|reduced|decreased|diminished', 'below|under * lower|range|minimum'],
  normal: ['is|was * normal|unremarkable', 'within|inside * range|limits', 'in * range'],
} as const

/**
 * A comment in words on a laboratory result: whether it is high, low or normal by the range given, and by how much it
 * lies above the range, below it or, where normal, above its lower limit.
 *
 * @see CLSI EP28-A3c, Defining, Establishing, and Verifying Reference Intervals in the Clinical Laboratory (2010)
 */
export const labComment: TaskFamily = {
  name: 'lab-comment',
  source: 'CLSI EP28-A3c, Reference Intervals in the Clinical Laboratory (2010)',
  term: 'a reference range',
  rule: 'A reference range holds the results of most healthy people: one above it is high, below it low, within it normal',
  make: (rng) => {
    const { name, unit, low: usualLow, high: usualHigh, spread } = rng.pick(analytes)
    const low = drawDecimal(rng, usualLow - 0.1, usualLow + 0.1, 1)
    const high = drawDecimal(rng, usualHigh - 0.1, usualHigh + 0.2, 1)
    const decimals = rng.pick([1, 2])
    const value = {
      high: () => drawDecimal(rng, high + 0.1, high + 3 * spread, decimals),
      low: () => drawDecimal(rng, Math.max(0.1, low - spread), low - 0.1, decimals),
      normal: () => drawDecimal(rng, low + 0.1, high - 0.1, decimals),
    }[rng.pick(['high', 'high', 'low', 'normal'] as const)]()
    return labCommentTask(rng, { name, unit, low, high, value })
  },
}

/** The task for a given result; drawn parts are wording only. */
export function labCommentTask(rng: Rng, { name, unit, low, high, value }: LabResult): TaskBody {
  const verdict = value > high ? 'high' : value < low ? 'low' : 'normal'
  const [from, to] = verdict === 'high' ? [value, high] : verdict === 'low' ? [low, value] : [value, low]
  const distance = from - to
  const where = { high: 'above the upper limit', low: 'below the lower limit', normal: 'above the lower limit' }[
    verdict
  ]
  const direction = verdict === 'low' ? 'below|under|lower' : 'above|over|higher'
  const others = Object.entries(verdicts).flatMap(([key, words]) => (key === verdict ? [] : words))
  return claimsTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [`${name} ${value} ${unit}`, `the ${name} is ${value} ${unit}`, `serum ${name} ${value} ${unit}`],
        [
          `reference range ${low} to ${high}`,
          `the laboratory's range is ${low} to ${high}`,
          `normal from ${low} to ${high}`,
        ],
      ],
      asks: [
        `Comment on the ${name}: is it high, low or normal, and how far outside its range or, if normal, above the lower limit?`,
        'Say in words whether it is high, low or normal, and how far beyond the limit or, if normal, above the lower one.',
        'Explain the result: high, low or normal, and its distance from the limit it passed or, if normal, from the lower one.',
      ],
    }),
    working: [
      calc(`(${value}>${high})-(${low}>${value})`, Number(value > high) - Number(value < low)),
      calc(`${from}-${to}`, distance),
    ].join(', '),
    answer: `The ${name} is ${verdict}. It is ${resultText(distance)} ${unit} ${where}.`,
    required: [
      { says: verdicts[verdict], denies: others },
      {
        says: [`{n} * ${direction}`, `${direction} * by {n}`],
        denies: [],
        value: distance,
        tolerance: 0.021,
      },
    ],
  })
}
