import { expect, test } from 'vitest'
import { gatewayMetrics } from '../../../src/gateway/gatewayMetrics.ts'
import { makeValidatorMetrics } from '../../../src/validator/validatorMetrics.ts'

test('a validator’s and a gateway’s figures follow their status', () => {
  const validator = makeValidatorMetrics({
    store: { answers: { scored: 6, failed: 2 }, rounds: 11, weights: { done: 4 } },
    domains: ['law', 'finance'],
    inFlight: () => 1,
    block: () => 77,
    scores: () => [{ uid: 3, reward: 0.25 }],
    standing: () => ({ vtrust: 0.75, othersVtrust: undefined, dividends: 0.5, weightAgeBlocks: 12, hasPermit: false }),
    headAgeMs: () => 1_500,
    endpoints: () => [
      { endpoint: 'ws://a', bestBlocks: 2, finalisedBlocks: 0 },
      { endpoint: 'ws://b', problem: 'gone' },
    ],
  })
  validator.onAsked('law', 'scored')
  validator.onAsked('law', 'timeout')
  validator.onRound(40)
  validator.onWrite(3)
  validator.onWeights({ type: 'committed' })
  validator.onWeights({ type: 'missed', epoch: 4 })
  const lines = validator.metrics.text().split('\n')
  for (const line of [
    'faculty_validator_answers_total{outcome="scored"} 6',
    'faculty_validator_answers_total{outcome="failed"} 2',
    'faculty_validator_in_flight 1',
    'faculty_validator_weights_set_total 4',
    'faculty_validator_block 77',
    'faculty_validator_miner_score{uid="3"} 0.25',
    'faculty_validator_rounds_total 11',
    'faculty_validator_asks_total{domain="law",outcome="scored"} 1',
    'faculty_validator_asks_total{domain="law",outcome="timeout"} 1',
    // At 0 from the start, so that its first event is seen as a rise.
    'faculty_validator_asks_total{domain="finance",outcome="scored"} 0',
    'faculty_validator_weights_total{event="committed"} 1',
    'faculty_validator_weights_total{event="missed"} 1',
    'faculty_validator_weights_total{event="lost"} 0',
    'faculty_validator_round_seconds_bucket{le="0.05"} 1',
    'faculty_validator_write_seconds_bucket{le="0.005"} 1',
    'faculty_validator_registered 1',
    'faculty_validator_permit 0',
    'faculty_validator_weight_age_blocks 12',
    'faculty_validator_vtrust 0.75',
    'faculty_validator_dividends 0.5',
    'faculty_validator_chain_lag_seconds 1.5',
    'faculty_validator_endpoint_lag_blocks{endpoint="ws://a"} 2',
  ]) {
    expect(lines).toContain(line)
  }
  // Nobody else validates, and an endpoint that does not answer is not at block 0.
  expect(
    lines.filter((line) => /^faculty_validator_(others_vtrust|endpoint_lag_blocks\{endpoint="ws:\/\/b)/.test(line)),
  ).toEqual([])
  const domains = [{ domain: 'law', miners: 2 }]
  const gateway = gatewayMetrics(() => ({ requests: { ok: 5, failed: 1 }, domains })).text()
  expect(gateway).toContain('\nfaculty_gateway_requests_total{outcome="ok"} 5\n')
  expect(gateway).toContain('\nfaculty_gateway_requests_total{outcome="failed"} 1\n')
  expect(gateway).toContain('\nfaculty_gateway_domains 1\n')
})
