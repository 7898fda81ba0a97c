import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/**
 * QT interval corrected for heart rate, in ms: QT over the square root of the RR interval in seconds.
 *
 * @see Bazett, "An analysis of the time-relations of electrocardiograms", Heart 7 (1920) 353
 */
export const qtc: TaskFamily = {
  name: 'qtc',
  source: 'Bazett, Heart 7 (1920) 353-370',
  term: 'the QTc',
  rule: 'The QTc is the QT interval divided by the square root of the RR interval in seconds, which is 60 over the heart rate',
  make: (rng) => qtcTask(rng, rng.int(280, 520), rng.int(42, 140)),
}

/** The task for a QT interval in ms and a heart rate in beats per minute; drawn parts are wording only. */
export function qtcTask(rng: Rng, qtMs: number, heartRate: number): TaskBody {
  const value = qtMs / (60 / heartRate) ** 0.5
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [`QT ${qtMs} ms`, `QT interval ${qtMs} ms`, `a QT of ${qtMs} ms`, `measured QT ${qtMs} ms`],
        [
          `heart rate ${heartRate}`,
          `heart rate ${heartRate} per minute`,
          `pulse ${heartRate}`,
          `HR ${heartRate}`,
          `a rate of ${heartRate} beats per minute`,
        ],
      ],
      asks: [
        'What is the QTc by Bazett?',
        "Correct the QT with Bazett's formula.",
        'Work out the corrected QT interval in ms (Bazett).',
        'Find the Bazett QTc.',
        'Calculate the QTc (Bazett).',
      ],
    }),
    working: calc(`${qtMs}/(60/${heartRate})^0.5`, value),
    quantity: 'The QTc',
    value,
    unit: 'ms',
  })
}
