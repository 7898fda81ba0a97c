import { expect, test } from 'vitest'
import type { Engine, EngineStats } from '../../../src/engine/engine.ts'
import { makeMinerMetrics } from '../../../src/miner/minerMetrics.ts'

const stats: EngineStats = {
  running: 3,
  waiting: 4,
  batchSize: 2,
  requestsTotal: 10,
  refusedTotal: 1,
  promptTokensTotal: 70,
  tokensTotal: 90,
  firstTokensTotal: 9,
  firstTokenMsTotal: 4_500,
}

const engine = (more: Partial<Engine>): Engine => ({
  model: { name: 'tiny', fingerprint: '', contextTokens: 1, device: 'cpu' },
  generate: () => {
    throw new Error('not here')
  },
  close: async () => undefined,
  ...more,
})

test('an engine’s own counts are read at each scrape', () => {
  let now = stats
  const { metrics } = makeMinerMetrics(engine({ stats: () => now }))
  const lines = metrics.text().split('\n')
  for (const line of [
    'faculty_engine_batch_size 2',
    'faculty_engine_running 3',
    'faculty_engine_waiting 4',
    'faculty_engine_requests_total 10',
    'faculty_engine_refused_total 1',
    'faculty_engine_prompt_tokens_total 70',
    'faculty_engine_tokens_total 90',
    'faculty_engine_first_tokens_total 9',
    'faculty_engine_first_token_seconds_total 4.5',
  ]) {
    expect(lines).toContain(line)
  }
  now = { ...stats, batchSize: 8 }
  expect(metrics.text()).toContain('\nfaculty_engine_batch_size 8\n')
})

test('an engine that keeps none, and no engine, have no such figures', () => {
  expect(makeMinerMetrics(engine({})).metrics.text()).not.toContain('faculty_engine_')
  expect(makeMinerMetrics(undefined).metrics.text()).not.toContain('faculty_engine_')
})

test('an answer that breaks off counts no tokens, and its error comes through', async () => {
  const { metrics, timed } = makeMinerMetrics(undefined)
  const answer = timed(async function* () {
    yield { type: 'text', text: 'half' }
    throw new Error('broken')
  })
  const read = async (): Promise<void> => {
    for await (const event of answer({} as never, {} as never)) expect(event).toEqual({ type: 'text', text: 'half' })
  }
  await expect(read()).rejects.toThrow('broken')
  expect(metrics.text()).toContain('\nfaculty_miner_completion_tokens_total 0\n')
  expect(metrics.text()).toContain('\nfaculty_miner_first_text_seconds_count 1\n')
})
