import type { EngineStats } from './engine.ts'

export const noStats: EngineStats = {
  running: 0,
  waiting: 0,
  batchSize: 0,
  requestsTotal: 0,
  refusedTotal: 0,
  promptTokensTotal: 0,
  tokensTotal: 0,
  firstTokensTotal: 0,
  firstTokenMsTotal: 0,
}

/** What several sessions do and have done together. */
export function sumOfStats(a: EngineStats, b: EngineStats): EngineStats {
  return {
    running: a.running + b.running,
    waiting: a.waiting + b.waiting,
    batchSize: a.batchSize + b.batchSize,
    requestsTotal: a.requestsTotal + b.requestsTotal,
    refusedTotal: a.refusedTotal + b.refusedTotal,
    promptTokensTotal: a.promptTokensTotal + b.promptTokensTotal,
    tokensTotal: a.tokensTotal + b.tokensTotal,
    firstTokensTotal: a.firstTokensTotal + b.firstTokensTotal,
    firstTokenMsTotal: a.firstTokenMsTotal + b.firstTokenMsTotal,
  }
}
