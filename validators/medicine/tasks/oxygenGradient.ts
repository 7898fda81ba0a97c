import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { chartNoise } from '../../shared/distract.ts'
import { patientSubjects } from '../patients.ts'

/**
 * Alveolar-arterial oxygen gradient in mmHg: the alveolar gas equation with a water vapour pressure of 47 mmHg and a
 * respiratory quotient of 0.8, less the arterial oxygen pressure.
 *
 * @see Fenn, Rahn, Otis, "A theoretical study of the composition of the alveolar air at altitude", American Journal of
 *   Physiology 146 (1946) 637
 */
export const oxygenGradient: TaskFamily = {
  name: 'oxygen-gradient',
  source: 'Fenn, Rahn and Otis, American Journal of Physiology 146 (1946) 637-653',
  term: 'the A-a gradient',
  rule: 'The A-a gradient is FiO2 times the air pressure without 47 mmHg of water vapour, less PaCO2 over 0.8, less PaO2',
  make: (rng) => {
    const oxygenPercent = rng.pick([21, 21, rng.int(24, 60)])
    const barometric = rng.bool() ? 760 : rng.int(640, 775)
    const carbonDioxide = rng.int(20, 55)
    const alveolar = Math.floor((oxygenPercent / 100) * (barometric - 47) - carbonDioxide / 0.8)
    return oxygenGradientTask(rng, oxygenPercent, barometric, carbonDioxide, rng.int(25, Math.max(30, alveolar - 3)))
  },
}

/** The task for inspired oxygen in percent and pressures in mmHg; drawn parts are wording only. */
export function oxygenGradientTask(
  rng: Rng,
  oxygenPercent: number,
  barometric: number,
  carbonDioxide: number,
  oxygen: number,
): TaskBody {
  const value = (oxygenPercent / 100) * (barometric - 47) - carbonDioxide / 0.8 - oxygen
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        [
          `FiO2 ${oxygenPercent}%`,
          `breathing ${oxygenPercent}% oxygen`,
          `inspired oxygen ${oxygenPercent} percent`,
          `on ${oxygenPercent}% oxygen`,
        ],
        [
          `barometric pressure ${barometric} mmHg`,
          `air pressure ${barometric} mmHg`,
          `atmospheric pressure ${barometric} mmHg`,
        ],
        [`PaCO2 ${carbonDioxide} mmHg`, `a pCO2 of ${carbonDioxide} mmHg`, `arterial CO2 ${carbonDioxide} mmHg`],
        [`PaO2 ${oxygen} mmHg`, `a pO2 of ${oxygen} mmHg`, `arterial oxygen ${oxygen} mmHg`],
        ...chartNoise(rng),
      ],
      asks: [
        'What is the A-a gradient (quotient 0.8)?',
        'Work out the alveolar-arterial oxygen gradient with a quotient of 0.8.',
        'Find the A-a oxygen gradient in mmHg, R = 0.8.',
        'Calculate the alveolar-arterial gradient (respiratory quotient 0.8).',
      ],
    }),
    working: calc(`${oxygenPercent}/100*(${barometric}-47)-${carbonDioxide}/0.8-${oxygen}`, value),
    quantity: 'The A-a gradient',
    value,
    unit: 'mmHg',
  })
}
