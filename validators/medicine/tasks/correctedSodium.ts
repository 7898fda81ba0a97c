import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { chartNoise } from '../../shared/distract.ts'
import { patientSubjects } from '../patients.ts'

/**
 * Serum sodium corrected for a high glucose, in mmol/L: 1.6 mmol/L more for each 100 mg/dL of glucose above 100.
 *
 * @see Katz, "Hyperglycemia-induced hyponatremia: calculation of expected serum sodium depression", NEJM 289 (1973) 843
 */
export const correctedSodium: TaskFamily = {
  name: 'corrected-sodium',
  source: 'Katz, New England Journal of Medicine 289 (1973) 843-844',
  term: 'the glucose-corrected sodium',
  rule: 'Corrected sodium in hyperglycaemia is measured sodium plus 1.6 mmol/L for each 100 mg/dL that glucose lies above 100',
  make: (rng) => correctedSodiumTask(rng, rng.int(112, 150), rng.int(150, 1200)),
}

/** The task for sodium in mmol/L and glucose in mg/dL; drawn parts are wording only. */
export function correctedSodiumTask(rng: Rng, sodium: number, glucose: number): TaskBody {
  const value = sodium + (1.6 * (glucose - 100)) / 100
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject}, hyperglycaemia`),
      facts: [
        [
          `sodium ${sodium} mmol/L`,
          `Na ${sodium} mmol/L`,
          `a sodium of ${sodium} mmol/L`,
          `measured sodium ${sodium} mmol/L`,
        ],
        [
          `glucose ${glucose} mg/dL`,
          `a glucose of ${glucose} mg/dL`,
          `blood sugar ${glucose} mg/dL`,
          `plasma glucose ${glucose} mg/dL`,
        ],
        ...chartNoise(rng),
      ],
      asks: [
        'What is the corrected sodium (factor 1.6)?',
        'Correct the sodium for glucose by Katz.',
        'Work out the glucose-corrected sodium, 1.6 per 100 mg/dL.',
        'Find the sodium corrected for hyperglycaemia (Katz).',
      ],
    }),
    working: calc(`${sodium}+1.6*(${glucose}-100)/100`, value),
    quantity: 'The corrected sodium',
    value,
    unit: 'mmol/L',
    tolerance: 0.05,
  })
}
