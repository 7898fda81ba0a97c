import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

const labels = ['respiratory acidosis', 'metabolic acidosis', 'respiratory alkalosis', 'metabolic alkalosis'] as const

/**
 * The primary acid-base disorder: pH below 7.4 is an acidosis; respiratory where the carbon dioxide pressure moves
 * the pH that way (above 40 mmHg in an acidosis, below it in an alkalosis), else metabolic.
 *
 * @see Berend, de Vries, Gans, "Physiological approach to assessment of acid-base disturbances", NEJM 371 (2014) 1434
 */
export const acidBase: TaskFamily = {
  name: 'acid-base',
  source: 'Berend, de Vries and Gans, N Engl J Med 371 (2014) 1434-1445',
  term: 'the primary acid-base disorder',
  rule: 'A pH below 7.4 is acidosis, above it alkalosis, respiratory where carbon dioxide explains the pH and metabolic where not',
  make: (rng) => {
    const acidosis = rng.bool()
    const respiratory = rng.bool()
    const ph = acidosis ? drawDecimal(rng, 6.95, 7.34, 2) : drawDecimal(rng, 7.46, 7.7, 2)
    const carbonDioxide = acidosis === respiratory ? rng.int(46, 95) : rng.int(15, 34)
    return acidBaseTask(rng, ph, carbonDioxide)
  },
}

/** The task for a pH and a carbon dioxide pressure in mmHg; drawn parts are wording only. */
export function acidBaseTask(rng: Rng, ph: number, carbonDioxide: number): TaskBody {
  const acidosis = ph < 7.4
  const respiratory = acidosis ? carbonDioxide > 40 : carbonDioxide < 40
  const shownPh = ph.toFixed(2)
  const label = `${respiratory ? 'respiratory' : 'metabolic'} ${acidosis ? 'acidosis' : 'alkalosis'}` as const
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [`pH ${shownPh}`, `arterial pH ${shownPh}`, `a pH of ${shownPh}`, `blood pH ${shownPh}`],
        [
          `pCO2 ${carbonDioxide} mmHg`,
          `PaCO2 ${carbonDioxide} mmHg`,
          `a pCO2 of ${carbonDioxide}`,
          `carbon dioxide pressure ${carbonDioxide} mmHg`,
          `CO2 ${carbonDioxide} mmHg`,
        ],
      ],
      asks: [
        'Name the primary acid-base disorder.',
        'Which acid-base disorder is this?',
        'What is the primary disturbance?',
        'Is this a respiratory or metabolic acidosis or alkalosis?',
        'Classify the blood gas.',
      ],
    }),
    working: `${calc(`${shownPh}-7.4`, ph - 7.4)}, ${calc(`${carbonDioxide}-40`, carbonDioxide - 40)}`,
    statement: `The primary disorder is a ${label}.`,
    label,
    labels,
  })
}
