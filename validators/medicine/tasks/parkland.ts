import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/** The first day's volume, or the half of it that runs in the first eight hours. */
export type Span = 'day' | 'first half'

/**
 * Fluid for a burn by the Parkland formula, in mL: 4 mL per kg of weight and percent of body surface burnt, over 24
 * hours, half of it in the first eight.
 *
 * @see Baxter, Shires, "Physiological response to crystalloid resuscitation of severe burns", Ann NY Acad Sci 150 (1968) 874
 */
export const parkland: TaskFamily = {
  name: 'parkland',
  source: 'Baxter and Shires, Ann N Y Acad Sci 150 (1968) 874-894',
  term: 'the Parkland formula',
  rule: 'The Parkland formula gives 4 mL of fluid per kg and percent of surface burnt in 24 hours, half of it in the first 8',
  make: (rng) =>
    parklandTask(
      rng,
      rng.bool(0.7) ? rng.int(30, 130) : drawDecimal(rng, 30, 130, 1),
      rng.int(11, 79),
      rng.pick(['day', 'first half'] as const),
    ),
}

/** The task for a weight in kg and a burnt percentage of body surface; drawn parts are wording only. */
export function parklandTask(rng: Rng, weightKg: number, burntPercent: number, span: Span): TaskBody {
  const day = 4 * weightKg * burntPercent
  const value = span === 'day' ? day : day / 2
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject} with severe burns`),
      facts: [
        [`weight ${weightKg} kg`, `weighs ${weightKg} kg`, `body weight ${weightKg} kg`, `${weightKg} kg`],
        [
          `${burntPercent}% of the body surface burnt`,
          `burns over ${burntPercent}% of the body`,
          `burnt area ${burntPercent}%`,
          `TBSA ${burntPercent}%`,
          `${burntPercent} percent TBSA`,
        ],
      ],
      asks:
        span === 'day'
          ? [
              'What fluid volume does the Parkland formula give for 24 hours?',
              'Find the Parkland volume for the first day in mL.',
              'How many mL does Parkland give over 24 hours?',
              'Work out the total Parkland fluid for 24 hours.',
            ]
          : [
              'What fluid volume does the Parkland formula give for the first 8 hours?',
              'Find the Parkland volume for the first eight hours in mL.',
              'How many mL does Parkland give in the first 8 hours?',
              'Work out the Parkland fluid for the first eight hours.',
            ],
    }),
    working: calc(`4*${weightKg}*${burntPercent}${span === 'day' ? '' : '/2'}`, value),
    quantity: span === 'day' ? 'The fluid for the first day' : 'The fluid for the first eight hours',
    value,
    unit: 'mL',
  })
}
