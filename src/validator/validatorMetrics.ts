import { Metrics, type Sample, secondsBounds } from '../base/metrics.ts'
import type { EndpointLag } from './endpointLag.ts'
import type { RoundMeter } from './roundMeter.ts'
import type { ScoreLine } from './scoresReport.ts'
import type { Standing } from './standing.ts'
import type { Store } from './store.ts'
import { type WeightsEvent, weightsEvents } from './weights.ts'

export interface MetricSources {
  readonly store: Pick<Store, 'answers' | 'rounds'> & { readonly weights: Pick<Store['weights'], 'done'> }
  readonly domains: Iterable<string>
  readonly inFlight: () => number
  readonly block: () => number
  readonly scores: () => readonly Pick<ScoreLine, 'uid' | 'reward'>[]
  readonly standing: () => Standing | undefined
  readonly headAgeMs: () => number | undefined
  readonly endpoints: () => readonly EndpointLag[]
}

export interface ValidatorMeter extends RoundMeter {
  readonly metrics: Metrics
  onWeights(event: WeightsEvent): void
}

/** A write waits for the disk. */
const writeBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/**
 * A validator's figures. No label holds what a miner chooses: uids, the domains and endpoints of this validator's own
 * configuration, and outcomes from a fixed set.
 */
export function makeValidatorMetrics(sources: MetricSources): ValidatorMeter {
  const { store, domains, inFlight, block } = sources
  const metrics = new Metrics()
  const known = [...domains].map((domain) => ({ domain, outcome: 'scored' }))
  const asks = metrics.counter('faculty_validator_asks_total', 'Questions by domain and outcome.', known)
  const roundSeconds = metrics.histogram('faculty_validator_round_seconds', 'Rounds of questions.', secondsBounds)
  const writeSeconds = metrics.histogram(
    'faculty_validator_write_seconds',
    "Writes of a round's outcomes.",
    writeBounds,
  )
  const weights = metrics.counter(
    'faculty_validator_weights_total',
    'Weights by what became of them; missed: a commit that was not revealed in its epoch.',
    weightsEvents.map((event) => ({ event })),
  )
  metrics.read('counter', 'faculty_validator_answers_total', 'Questions by outcome, since its database began.', () => [
    { value: store.answers.scored, labels: { outcome: 'scored' } },
    { value: store.answers.failed, labels: { outcome: 'failed' } },
  ])
  metrics.read('counter', 'faculty_validator_rounds_total', 'Rounds, since its database began.', () => store.rounds)
  metrics.read(
    'counter',
    'faculty_validator_weights_set_total',
    'Reveals, or open sets, that succeeded, since its database began.',
    () => store.weights.done,
  )
  const gauge = (name: string, help: string, read: () => number | undefined | readonly Sample[]): void =>
    metrics.read('gauge', `faculty_validator_${name}`, help, read)
  gauge('in_flight', 'Questions that wait for their answer.', inFlight)
  gauge('block', 'The last block seen.', block)
  // At most 256 series: a uid, not the hotkey, which changes with each registration.
  gauge('miner_score', 'In [0, 1], before weights are normalised.', () =>
    sources.scores().map(({ uid, reward }) => ({ value: reward, labels: { uid: String(uid) } })),
  )
  addStanding(gauge, sources)
  return {
    metrics,
    onRound: (elapsedMs) => roundSeconds.observe(elapsedMs / 1_000),
    onAsked: (domain, outcome) => asks.add(1, { domain, outcome }),
    onWrite: (elapsedMs) => writeSeconds.observe(elapsedMs / 1_000),
    onWeights: ({ type }) => weights.add(1, { event: type }),
  }
}

type Gauge = (name: string, help: string, read: () => number | undefined | readonly Sample[]) => void

function addStanding(gauge: Gauge, { standing, headAgeMs, endpoints }: MetricSources): void {
  gauge('registered', '1 while its hotkey has a place on the subnet.', () => (standing() === undefined ? 0 : 1))
  gauge('permit', '1 while it may set weights.', () => (standing()?.hasPermit === true ? 1 : 0))
  gauge('weight_age_blocks', 'Blocks since its last weights or commit.', () => standing()?.weightAgeBlocks)
  gauge('vtrust', 'Its agreement with the consensus, in [0, 1].', () => standing()?.vtrust)
  gauge('others_vtrust', 'Median of the other active validators, in [0, 1].', () => standing()?.othersVtrust)
  gauge('dividends', 'Its part of all dividends, in [0, 1].', () => standing()?.dividends)
  gauge('chain_lag_seconds', "Age of the newest block by this machine's clock.", () => {
    const ageMs = headAgeMs()
    return ageMs === undefined ? undefined : ageMs / 1_000
  })
  gauge('endpoint_lag_blocks', 'Blocks behind the foremost endpoint; without a value: it does not answer.', () =>
    endpoints().flatMap((lag) =>
      'problem' in lag ? [] : [{ value: lag.bestBlocks, labels: { endpoint: lag.endpoint } }],
    ),
  )
}
