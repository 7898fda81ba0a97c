/*
 * What the decoding loop needs of a model: token ids in, logits out. `onnx.ts` implements it; `generate.ts` drives it.
 */

export interface Decoder {
  /** Most tokens of prompt and answer together. */
  readonly contextTokens: number
  /** Tokens that end an answer. */
  readonly endIds: ReadonlySet<number>
  /** A new, empty sequence. Sequences share nothing, so any number may run side by side. */
  start(): DecoderSequence
}

export interface DecoderSequence {
  /**
   * Appends tokens to the sequence.
   *
   * @param ids at least one
   * @returns logits of the token that follows, shape [vocabulary]; valid until the next call
   */
  feed(ids: readonly number[]): Promise<Float32Array>
  /** Frees the sequence's state. */
  close(): void
}
