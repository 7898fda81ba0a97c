import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/**
 * Anion gap in mmol/L corrected for albumin: 2.5 more for each g/dL that albumin lies below 4.
 *
 * @see Figge, Jabor, Kazda, Fencl, "Anion gap and hypoalbuminemia", Critical Care Medicine 26 (1998) 1807
 */
export const albuminAnionGap: TaskFamily = {
  name: 'albumin-anion-gap',
  source: 'Figge et al., Critical Care Medicine 26 (1998) 1807-1810',
  term: 'the albumin-corrected anion gap',
  rule: 'The corrected anion gap is sodium less chloride and bicarbonate, plus 2.5 per g/dL of albumin below 4, less 2.5 per g/dL above',
  make: (rng) => {
    const [gap, bicarbonate, sodium] = [rng.int(3, 40), rng.int(5, 36), rng.int(120, 160)]
    return albuminAnionGapTask(rng, sodium, sodium - gap - bicarbonate, bicarbonate, drawDecimal(rng, 1, 5, 1))
  },
}

/** The task for electrolytes in mmol/L and albumin in g/dL; drawn parts are wording only. */
export function albuminAnionGapTask(
  rng: Rng,
  sodium: number,
  chloride: number,
  bicarbonate: number,
  albumin: number,
): TaskBody {
  const value = sodium - (chloride + bicarbonate) + 2.5 * (4 - albumin)
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [`sodium ${sodium}`, `Na ${sodium} mmol/L`, `a sodium of ${sodium}`],
        [`chloride ${chloride}`, `Cl ${chloride} mmol/L`, `a chloride of ${chloride}`],
        [`bicarbonate ${bicarbonate}`, `HCO3 ${bicarbonate} mmol/L`, `a bicarbonate of ${bicarbonate}`],
        [`albumin ${albumin} g/dL`, `an albumin of ${albumin} g/dL`, `serum albumin ${albumin} g/dL`],
      ],
      asks: [
        'What is the albumin-corrected anion gap?',
        'Correct the anion gap for albumin.',
        'Work out the anion gap with the albumin correction.',
        'Find the anion gap corrected for albumin (Figge).',
      ],
    }),
    working: calc(`${sodium}-(${chloride}+${bicarbonate})+2.5*(4-${albumin})`, value),
    quantity: 'The corrected anion gap',
    value,
    unit: 'mmol/L',
  })
}
