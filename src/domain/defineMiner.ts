import type { Engine, EngineEvent, GenerateRequest } from '../engine/engine.ts'

export type { Engine, EngineEvent, GenerateRequest }

export interface MinerContext {
  /** The domain asked for; one of `domains`. */
  readonly domain: string
  /** The model that the manifest names; absent where the definition says `model: 'none'`. */
  readonly engine: Engine | undefined
  /** Fires when the caller cancels, its deadline passes or its session ends. */
  readonly signal: AbortSignal
}

export interface MinerDefinition {
  /** The domains that this miner declares to validators. */
  readonly domains: readonly string[]
  /** `manifest` (default): the model folder that `manifest.json` beside this file names. `none`: no model is opened. */
  readonly model?: 'manifest' | 'none'
  /** Turns a question into an answer. Default: what the engine generates. */
  readonly answer?: (request: GenerateRequest, context: MinerContext) => AsyncIterable<EngineEvent>
}

/** A miner domain as its author writes it: the default export of `miner.ts`. */
export function defineMiner(definition: MinerDefinition): MinerDefinition {
  return definition
}
