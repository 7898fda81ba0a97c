import { expect, test } from 'vitest'
import { gatewayMetrics } from '../../../src/gateway/gatewayMetrics.ts'
import { validatorMetrics } from '../../../src/validator/validatorMetrics.ts'

test('a validator’s and a gateway’s figures follow their status', () => {
  const miner = { hotkey: '5', domains: [], answers: 1 }
  const validator = validatorMetrics(() => ({
    answers: { sent: 9, scored: 6, failed: 2 },
    inFlight: 1,
    weightsSet: 4,
    block: 77,
    miners: [{ ...miner, uid: 3, score: 0.25 }],
  }))
  const lines = validator.text().split('\n')
  for (const line of [
    'faculty_validator_answers_total{outcome="scored"} 6',
    'faculty_validator_answers_total{outcome="failed"} 2',
    'faculty_validator_in_flight 1',
    'faculty_validator_weights_set_total 4',
    'faculty_validator_block 77',
    'faculty_validator_miner_score{uid="3"} 0.25',
  ]) {
    expect(lines).toContain(line)
  }
  const domains = [{ domain: 'law', miners: 2 }]
  const gateway = gatewayMetrics(() => ({ requests: { ok: 5, failed: 1 }, domains })).text()
  expect(gateway).toContain('\nfaculty_gateway_requests_total{outcome="ok"} 5\n')
  expect(gateway).toContain('\nfaculty_gateway_requests_total{outcome="failed"} 1\n')
  expect(gateway).toContain('\nfaculty_gateway_domains 1\n')
})
