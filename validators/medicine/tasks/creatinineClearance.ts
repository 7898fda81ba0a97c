import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { ageFacts, creatinineFacts, patientSubjects, sexFacts } from '../patients.ts'

export type Sex = 'male' | 'female'

/**
 * Creatinine clearance in mL/min from age in years, weight in kg and serum creatinine in mg/dL; 0.85 of it in women.
 *
 * @see Cockcroft, Gault, "Prediction of creatinine clearance from serum creatinine", Nephron 16 (1976) 31
 */
export const creatinineClearance: TaskFamily = {
  name: 'creatinine-clearance',
  source: 'Cockcroft and Gault, Nephron 16 (1976) 31-41',
  term: 'the creatinine clearance',
  rule: 'Creatinine clearance is 140 less age, times weight in kg, over 72 times serum creatinine in mg/dL, and 0.85 of that in women',
  make: (rng) =>
    creatinineClearanceTask(
      rng,
      rng.int(18, 95),
      rng.bool(0.7) ? rng.int(40, 130) : drawDecimal(rng, 40, 130, 1),
      drawDecimal(rng, 0.4, 6, rng.pick([1, 1, 2])),
      rng.pick(['male', 'female'] as const),
    ),
}

/** The task for given measurements; drawn parts are wording only. */
export function creatinineClearanceTask(
  rng: Rng,
  age: number,
  weightKg: number,
  creatinine: number,
  sex: Sex,
): TaskBody {
  const inMen = ((140 - age) * weightKg) / (72 * creatinine)
  const value = sex === 'female' ? inMen * 0.85 : inMen
  const expression = `(140-${age})*${weightKg}/(72*${creatinine})${sex === 'female' ? '*0.85' : ''}`
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        ageFacts(age),
        [
          `weight ${weightKg} kg`,
          `weighs ${weightKg} kg`,
          `body weight ${weightKg} kg`,
          `${weightKg} kg`,
          `body mass of ${weightKg} kg`,
        ],
        creatinineFacts(creatinine),
        sexFacts(sex),
      ],
      asks: [
        'What is the creatinine clearance?',
        'Estimate the creatinine clearance by Cockcroft-Gault.',
        'Work out the Cockcroft-Gault clearance in mL/min.',
        'Calculate the creatinine clearance in mL/min.',
        'Find the CrCl (Cockcroft-Gault).',
      ],
    }),
    working: calc(expression, value),
    quantity: 'The creatinine clearance',
    value,
    unit: 'mL/min',
  })
}
