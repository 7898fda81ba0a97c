import type { ModelIdentity } from './engine.ts'

/*
 * The contracts of models that read a text at once: `openEncoder.ts` and `openClassifier.ts`.
 */

/** A text becomes a vector. */
export interface Encoder {
  readonly model: ModelIdentity
  /** @throws EngineError `too-long`, `busy`, `device`, `closed`; AbortError */
  embed(text: string, signal?: AbortSignal): Promise<Float32Array>
  /** Frees the model. Texts that wait fail. */
  close(): Promise<void>
}

export interface LabelProbability {
  readonly label: string
  /** In [0, 1]. */
  readonly probability: number
}

/** A text gets labels. */
export interface Classifier {
  readonly model: ModelIdentity
  /** In the model's order. */
  readonly labels: readonly string[]
  /** @returns all labels, likeliest first; throws as `Encoder.embed` does */
  classify(text: string, signal?: AbortSignal): Promise<LabelProbability[]>
  close(): Promise<void>
}
