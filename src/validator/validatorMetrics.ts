import { Metrics } from '../base/metrics.ts'
import type { ValidatorStatus } from './status.ts'

/** A validator's figures, read from its status at each scrape. */
export function validatorMetrics(
  status: () => Pick<ValidatorStatus, 'answers' | 'inFlight' | 'weightsSet' | 'block' | 'miners'>,
): Metrics {
  const metrics = new Metrics()
  metrics.read(
    'counter',
    'faculty_validator_answers_total',
    'Questions asked, by outcome, since its database began.',
    () => {
      const { scored, failed } = status().answers
      return [
        { value: scored, labels: { outcome: 'scored' } },
        { value: failed, labels: { outcome: 'failed' } },
      ]
    },
  )
  metrics.read('gauge', 'faculty_validator_in_flight', 'Questions that wait for their answer.', () => status().inFlight)
  metrics.read(
    'counter',
    'faculty_validator_weights_set_total',
    'Reveals, or open sets, that succeeded.',
    () => status().weightsSet,
  )
  metrics.read('gauge', 'faculty_validator_block', 'The last block seen.', () => status().block)
  // At most 256 series: a uid, not the hotkey, which changes with each registration.
  metrics.read('gauge', 'faculty_validator_miner_score', 'In [0, 1], before weights are normalised.', () =>
    status().miners.map(({ uid, score }) => ({ value: score, labels: { uid: String(uid) } })),
  )
  return metrics
}
