import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/**
 * Serum calcium corrected for albumin, in mg/dL: 0.8 mg/dL more for each g/dL that albumin lies below 4.
 *
 * @see National Kidney Foundation, K/DOQI "Clinical practice guidelines for bone metabolism and disease in chronic kidney
 *   disease", guideline 6, AJKD 42, supplement 3 (2003) S1; Payne and others, BMJ 4 (1973) 643, take 1 mg/dL
 */
export const correctedCalcium: TaskFamily = {
  name: 'corrected-calcium',
  source: 'K/DOQI bone guideline 6, Am J Kidney Dis 42 suppl. 3 (2003) S1-S201',
  term: 'the corrected calcium',
  rule: 'Corrected calcium is total calcium plus 0.8 mg/dL for each g/dL that albumin lies below 4, less 0.8 for each above',
  make: (rng) =>
    correctedCalciumTask(
      rng,
      drawDecimal(rng, 5.5, 15.5, rng.pick([1, 1, 2])),
      drawDecimal(rng, 1, 5.8, rng.pick([1, 1, 2])),
    ),
}

/** The task for calcium in mg/dL and albumin in g/dL; drawn parts are wording only. */
export function correctedCalciumTask(rng: Rng, calcium: number, albumin: number): TaskBody {
  const value = calcium + 0.8 * (4 - albumin)
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [
          `calcium ${calcium} mg/dL`,
          `total calcium ${calcium} mg/dL`,
          `serum calcium ${calcium} mg/dL`,
          `a calcium of ${calcium} mg/dL`,
          `Ca ${calcium} mg/dL`,
        ],
        [
          `albumin ${albumin} g/dL`,
          `serum albumin ${albumin} g/dL`,
          `an albumin of ${albumin} g/dL`,
          `albumin level ${albumin} g/dL`,
          `Alb ${albumin} g/dL`,
        ],
      ],
      asks: [
        'What is the corrected calcium?',
        'Correct the calcium for albumin.',
        'Work out the albumin-corrected calcium in mg/dL.',
        'Find the adjusted calcium.',
        'Calculate the calcium corrected for albumin.',
      ],
    }),
    working: calc(`${calcium}+0.8*(4-${albumin})`, value),
    quantity: 'The corrected calcium',
    value,
    unit: 'mg/dL',
  })
}
