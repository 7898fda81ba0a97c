import type { Asker } from '../../domain/benchmarks/runBenchmark.ts'

export interface AskSettings {
  /** The domain that miners are asked in. */
  readonly domain: string
  readonly maxTokens: number
  /** For one answer. */
  readonly timeoutMs: number
}

/** Somebody who can be asked. */
export interface OpenAsker {
  readonly ask: Asker
  /** Who that is, for the report. */
  readonly model: string
  readonly about: Readonly<Record<string, string | number>>
  close(): Promise<void>
}
