import type { AskRequest } from '../wire/askRequest.ts'
import type { Receipt } from '../wire/receipt.ts'

/** An axon as the chain describes it. */
export interface Target {
  /** IPv4 or IPv6 address or host name, see `wire/axonAddress.ts`. */
  readonly host: string
  readonly port: number
  /** The 32-byte Ed25519 key that it published. */
  readonly publicKey: Uint8Array
  /** SS58 address of its hotkey. */
  readonly hotkey: string
}

export interface AskOptions {
  readonly domain: string
  /** From the call to the whole answer, the time to connect included. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** False: do without a receipt. Default true: an answer without a good one is an error. */
  readonly receipt?: boolean
}

export interface Answer {
  readonly id: string
  readonly text: string
  readonly reason: 'stop' | 'length'
  readonly promptTokens: number
  readonly completionTokens: number
  readonly confidence?: number
  readonly traceHash: string
  /** Verified. */
  readonly receipt?: Receipt
  /** From the call to the whole answer. */
  readonly elapsedMs: number
  /** From the call to the first text. */
  readonly firstTextMs: number
}

export type AskEvent =
  | { readonly type: 'text'; readonly text: string }
  /** Always the last one. */
  | { readonly type: 'done'; readonly answer: Answer }

export type { AskRequest }
