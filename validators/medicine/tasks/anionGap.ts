import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/**
 * Serum anion gap in mmol/L without potassium: sodium less chloride and bicarbonate.
 *
 * @see Emmett, Narins, "Clinical use of the anion gap", Medicine 56 (1977) 38
 */
export const anionGap: TaskFamily = {
  name: 'anion-gap',
  source: 'Emmett and Narins, Medicine 56 (1977) 38-54',
  term: 'the anion gap',
  rule: 'The anion gap is serum sodium less the sum of chloride and bicarbonate',
  make: (rng) => {
    const gap = rng.int(3, 45)
    const bicarbonate = rng.bool(0.6) ? rng.int(5, 38) : drawDecimal(rng, 5, 38, 1)
    const sodium = rng.int(118, 162)
    const chloride = Math.round((sodium - gap - bicarbonate) * 10) / 10
    return anionGapTask(rng, sodium, rng.bool(0.5) ? Math.round(chloride) : chloride, bicarbonate)
  },
}

/** The task for given concentrations in mmol/L; drawn parts are wording only. */
export function anionGapTask(rng: Rng, sodium: number, chloride: number, bicarbonate: number): TaskBody {
  const value = sodium - (chloride + bicarbonate)
  const unit = rng.pick(['mmol/L', 'mEq/L'])
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [
          `sodium ${sodium} ${unit}`,
          `Na ${sodium} ${unit}`,
          `a sodium of ${sodium}`,
          `serum sodium ${sodium}`,
          `Na ${sodium}`,
        ],
        [
          `chloride ${chloride} ${unit}`,
          `Cl ${chloride} ${unit}`,
          `a chloride of ${chloride}`,
          `serum chloride ${chloride}`,
          `Cl ${chloride}`,
        ],
        [
          `bicarbonate ${bicarbonate} ${unit}`,
          `HCO3 ${bicarbonate} ${unit}`,
          `a bicarbonate of ${bicarbonate}`,
          `serum bicarbonate ${bicarbonate}`,
          `bicarb ${bicarbonate}`,
        ],
      ],
      asks: [
        'What is the anion gap?',
        'Compute the serum anion gap.',
        'Work out the anion gap without potassium.',
        'Find the anion gap in mmol/L.',
        'How large is the anion gap?',
      ],
    }),
    working: calc(`${sodium}-(${chloride}+${bicarbonate})`, value),
    quantity: 'The anion gap',
    value,
    unit: 'mmol/L',
  })
}
