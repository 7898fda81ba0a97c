/**
 * Every bound that both ends know, in one table. An axon may allow less (its `welcome` says how much), never more.
 * Sizes are of UTF-8 bytes on the wire, `Chars` are UTF-16 code units.
 */
export const wireLimits = {
  /** All that a caller may send before it is admitted, the bytes of the WebSocket upgrade left out. */
  maxHelloBytes: 4_096,
  maxCallerFrameBytes: 256 * 1024,
  maxAxonFrameBytes: 1024 * 1024,
  /** Brackets open at once. The deepest message in use, an `ask`, has 4. */
  maxJsonDepth: 8,
  /** Keys in all objects of a frame. The message with the most, a `welcome` with 64 models, has some 210. */
  maxJsonKeys: 1_024,
  /** A caller that gets more text than this for one ask gives up on it. */
  maxAnswerChars: 512 * 1024,
  maxMessages: 64,
  /** Parts of one message's text, where a dialect has it in parts. */
  maxTextParts: 64,
  maxTokens: 131_072,
  maxStops: 16,
  maxStopChars: 256,
  maxDomains: 64,
  maxModelNameChars: 128,
  maxErrorChars: 512,
  maxDeadlineMs: 600_000,
  /** How far the clocks of the two ends may be apart, either way. */
  helloWindowMs: 120_000,
} as const
