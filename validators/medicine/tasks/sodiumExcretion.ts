import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/**
 * Fractional excretion of sodium (FENa) in percent: the sodium cleared over the creatinine cleared.
 *
 * @see Espinel, "The FENa test: use in the differential diagnosis of acute renal failure", JAMA 236 (1976) 579
 */
export const sodiumExcretion: TaskFamily = {
  name: 'sodium-excretion',
  source: 'Espinel, JAMA 236 (1976) 579-581',
  term: 'the fractional excretion of sodium',
  rule: 'Fractional sodium excretion is urine over plasma sodium, divided by urine over plasma creatinine, in percent',
  make: (rng) =>
    sodiumExcretionTask(rng, rng.int(8, 120), rng.int(120, 152), rng.int(12, 120), drawDecimal(rng, 1.2, 9, 1)),
}

/** The task for sodium in mmol/L and creatinine in mg/dL, in urine and in plasma; drawn parts are wording only. */
export function sodiumExcretionTask(
  rng: Rng,
  urineSodium: number,
  plasmaSodium: number,
  urineCreatinine: number,
  plasmaCreatinine: number,
): TaskBody {
  const value = (100 * urineSodium * plasmaCreatinine) / (plasmaSodium * urineCreatinine)
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject}, acute kidney injury`),
      facts: [
        [
          `urine sodium ${urineSodium} mmol/L`,
          `urinary sodium ${urineSodium} mmol/L`,
          `a urine sodium of ${urineSodium} mmol/L`,
        ],
        [
          `plasma sodium ${plasmaSodium} mmol/L`,
          `serum sodium ${plasmaSodium} mmol/L`,
          `a blood sodium of ${plasmaSodium} mmol/L`,
        ],
        [
          `urine creatinine ${urineCreatinine} mg/dL`,
          `urinary creatinine ${urineCreatinine} mg/dL`,
          `a urine creatinine of ${urineCreatinine} mg/dL`,
        ],
        [
          `plasma creatinine ${plasmaCreatinine} mg/dL`,
          `serum creatinine ${plasmaCreatinine} mg/dL`,
          `a blood creatinine of ${plasmaCreatinine} mg/dL`,
        ],
      ],
      asks: [
        'What is the fractional excretion of sodium in percent?',
        'Work out the FENa in percent.',
        'Find the FENa (percent).',
        'Calculate the fractional sodium excretion in percent.',
      ],
    }),
    working: calc(`100*${urineSodium}*${plasmaCreatinine}/(${plasmaSodium}*${urineCreatinine})`, value),
    quantity: 'The fractional excretion of sodium',
    value,
    unit: '%',
  })
}
