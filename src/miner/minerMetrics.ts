import type { Answerer } from '../axon/answer.ts'
import type { AxonEvent } from '../axon/axonEvent.ts'
import type { Axon } from '../axon/startAxon.ts'
import { Metrics, secondsBounds } from '../base/metrics.ts'
import type { Engine } from '../engine/engine.ts'

export interface MinerMetrics {
  readonly metrics: Metrics
  onEvent(event: AxonEvent): void
  /** The same answers, timed and counted on their way. */
  timed(answer: Answerer): Answerer
  /** To be told once there is an axon. */
  watchAxon(axon: Pick<Axon, 'sessions' | 'running' | 'waiting'>): void
}

/**
 * A miner's figures. No label holds what a caller chooses (domain, hotkey, ask id): each value is a series that Prometheus
 * keeps for good.
 */
export function makeMinerMetrics(engine: Engine | undefined): MinerMetrics {
  const metrics = new Metrics()
  const requests = metrics.counter('faculty_miner_requests_total', 'Asks by outcome: answered, or why not.', [
    { outcome: 'answered' },
    { outcome: 'failed' },
  ])
  const refused = metrics.counter(
    'faculty_miner_refused_total',
    'Connections and requests by HTTP that were turned away, by reason.',
    [],
  )
  const answerSeconds = metrics.histogram(
    'faculty_miner_answer_seconds',
    "From an ask's arrival to its whole answer.",
    secondsBounds,
  )
  const firstTextSeconds = metrics.histogram(
    'faculty_miner_first_text_seconds',
    'From the begin of an answer, when the ask has its place, to the first text.',
    secondsBounds,
  )
  const promptTokens = metrics.counter('faculty_miner_prompt_tokens_total', 'Prompt tokens of whole answers.')
  const tokens = metrics.counter('faculty_miner_completion_tokens_total', 'Generated tokens of whole answers.')
  const speed = metrics.histogram(
    'faculty_miner_answer_tokens_per_second',
    'Generated tokens a second within one answer, from its begin.',
    [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500],
  )
  if (engine !== undefined) addEngineMetrics(metrics, engine)
  return {
    metrics,
    onEvent: (event) => {
      if (event.type === 'answered') {
        requests.add(1, { outcome: 'answered' })
        answerSeconds.observe(event.elapsedMs / 1_000)
      } else if (event.type === 'unanswered') requests.add(1, { outcome: event.code })
      else if (event.type === 'refused') refused.add(1, { code: event.code })
    },
    timed: (answer) =>
      async function* (ask, context) {
        const begunAtMs = performance.now()
        let hasText = false
        for await (const event of answer(ask, context)) {
          const seconds = (performance.now() - begunAtMs) / 1_000
          if (event.type === 'text' && !hasText && event.text !== '') {
            hasText = true
            firstTextSeconds.observe(seconds)
          }
          if (event.type === 'done') {
            promptTokens.add(event.promptTokens)
            tokens.add(event.completionTokens)
            if (event.completionTokens > 0 && seconds > 0) speed.observe(event.completionTokens / seconds)
          }
          yield event
        }
      },
    watchAxon: (axon) => {
      metrics.read('gauge', 'faculty_miner_sessions', 'Open sessions.', () => axon.sessions)
      metrics.read('gauge', 'faculty_miner_running', 'Answers being made.', () => axon.running)
      metrics.read('gauge', 'faculty_miner_waiting', 'Asks that wait for a place.', () => axon.waiting)
    },
  }
}

/** What the engine keeps count of; nothing where it does not. */
function addEngineMetrics(metrics: Metrics, engine: Engine): void {
  const { stats } = engine
  if (stats === undefined) return
  const read = stats.bind(engine)
  const gauge = (name: string, help: string, value: () => number): void =>
    metrics.read('gauge', `faculty_engine_${name}`, help, value)
  const count = (name: string, help: string, value: () => number): void =>
    metrics.read('counter', `faculty_engine_${name}_total`, help, value)
  gauge('batch_size', 'Sequences computed together in the last step.', () => read().batchSize)
  gauge('running', 'Generations in the running batch.', () => read().running)
  gauge('waiting', 'Generations in the queue before it.', () => read().waiting)
  count('requests', 'Generations asked for.', () => read().requestsTotal)
  count('refused', 'Generations that found the queue full.', () => read().refusedTotal)
  count('prompt_tokens', 'Prompt tokens computed.', () => read().promptTokensTotal)
  count('tokens', 'Tokens generated, unfinished answers included.', () => read().tokensTotal)
  count('first_tokens', 'Generations that gave their first token.', () => read().firstTokensTotal)
  count('first_token_seconds', 'Time from request to first token, summed.', () => read().firstTokenMsTotal / 1_000)
}
