/** What one gateway takes. */
export interface GatewayLimits {
  readonly maxBodyBytes: number
  readonly maxHeaderBytes: number
  readonly maxConnections: number
  /** Chat completions at one time. */
  readonly maxRunning: number
  /** From the request to the whole answer, however many miners are asked. */
  readonly timeoutMs: number
  /** A miner without any text after this long is given up while there is another one. */
  readonly patienceMs: number
}

export const defaultGatewayLimits: GatewayLimits = {
  maxBodyBytes: 256 * 1024,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 1_024,
  maxRunning: 256,
  timeoutMs: 60_000,
  patienceMs: 15_000,
}
