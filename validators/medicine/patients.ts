import type { Rng } from 'faculty/defineValidator'
import { personName } from '../shared/names.ts'

/** Ways to introduce a patient, each followed by the facts. */
export function patientSubjects(rng: Rng): string[] {
  const name = personName(rng)
  return [
    `Patient ${name}`,
    name,
    'A patient on the ward',
    'Patient data',
    `${name} was admitted today`,
    `Bed ${rng.int(1, 40)}`,
    'An outpatient',
  ]
}
