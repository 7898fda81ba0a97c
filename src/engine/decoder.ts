/*
 * What the decoding loop needs of a model: token ids in, logits out. `batcher.ts` implements it; `generate.ts` uses it.
 */

export interface Decoder {
  /** Most tokens of prompt and answer together. */
  readonly contextTokens: number
  /** Tokens that end an answer. */
  readonly endIds: ReadonlySet<number>
  /**
   * Computes a sequence, beside any number of others, until it ends or is taken out.
   *
   * @param priority the higher goes first where there is a queue
   * @returns takes the sequence out; nothing more is told to it afterwards
   * @throws EngineError `busy` where the queue is full, `closed`
   */
  start(sequence: DecoderSequence, priority: number): () => void
}

/** A sequence of tokens in the making. */
export interface DecoderSequence {
  /** At least one token. */
  readonly promptIds: readonly number[]
  /** Bound of its length, prompt included. */
  readonly maxTokens: number
  /**
   * Hears the logits of the token that follows all others so far and appends to the sequence. What it throws ends the
   * sequence and comes back in `fail`.
   *
   * @param logits shape [vocabulary], valid during the call
   * @returns the tokens that come next; none: the sequence ends
   */
  next(logits: Float32Array): readonly number[]
  /** Hears, once and last, why the sequence cannot go on. */
  fail(error: unknown): void
}
