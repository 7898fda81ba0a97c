import type { AskRequest } from '../wire/askRequest.ts'

/** What a caller wants; `deadlineMs` counts from the ask's arrival and is clipped to the axon's limit. */
export interface AskView {
  readonly id: string
  readonly domain: string
  readonly request: AskRequest
  readonly deadlineMs: number
}

/** A caller whose hotkey is proved and admitted. */
export interface Caller {
  readonly hotkey: string
  /** As the admission policy gave it last, in rao. */
  readonly stake: bigint
  /** Its share of the turns beside those of other hotkeys, as the policy gave it last. */
  readonly weight: number
}

export interface AnswerContext {
  readonly caller: Caller
  /** Fires when the caller cancels, the deadline passes, the session ends or the axon closes. */
  readonly signal: AbortSignal
}

/** The engine's `EngineEvent`, written down again because this room stands beside the engine; a type test compares them. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly expression: string; readonly result: string }
  | {
      readonly type: 'done'
      readonly reason: 'stop' | 'length'
      readonly promptTokens: number
      readonly completionTokens: number
      readonly confidence?: number
      readonly traceHash: string
    }

export type Answerer = (ask: AskView, context: AnswerContext) => AsyncIterable<AnswerEvent>

/** Whether a hotkey is served. Consulted before the hotkey is proved, so it must be cheap: a look into a table. */
export type Admission =
  /** @see Waiting.weight; default 1 */
  | { readonly ok: true; readonly stake: bigint; readonly weight?: number }
  | { readonly ok: false; readonly code: 'unknown-hotkey' | 'low-stake' | 'no-permit' | 'denied' }
/** @param ip of the connection's other end, as its socket tells it */
export type Admit = (hotkey: string, ip: string) => Admission | Promise<Admission>

/** What is done about an address before a byte of it is read: its connections are counted, let in uncounted, or cut. */
export type IpVerdict = 'counted' | 'trusted' | 'denied'
