/** Hears what the rounds do. */
export interface RoundMeter {
  onRound(elapsedMs: number): void
  /** @param outcome `scored`, or the code with which no answer came; `void`: this side is at fault, it counts for nothing */
  onAsked(domain: string, outcome: string): void
  /** What came of a round is on the disk. */
  onWrite(elapsedMs: number): void
}
