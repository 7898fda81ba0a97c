import type { WireErrorCode } from '../wire/wireError.ts'

/** What happens at an axon, for its owner's log and metrics. Nothing of it goes over the wire. */
export type AxonEvent =
  | { readonly type: 'opened'; readonly hotkey: string; readonly remote: string }
  | {
      readonly type: 'closed'
      readonly hotkey: string
      readonly remote: string
      readonly code: WireErrorCode | undefined
    }
  /** The admission policy failed when it was asked again about an open session, which stays. */
  | { readonly type: 'not-readmitted'; readonly hotkey: string; readonly remote: string; readonly error: unknown }
  /** A connection that did not become a session; `hotkey` is what the peer claimed, if it came to that, `error` what `admit` threw. */
  | {
      readonly type: 'refused'
      readonly remote: string
      readonly code: WireErrorCode
      readonly hotkey?: string
      readonly error?: unknown
    }
  | {
      readonly type: 'answered'
      readonly hotkey: string
      readonly id: string
      readonly domain: string
      readonly completionTokens: number
      /** From the ask's arrival. */
      readonly elapsedMs: number
    }
  | {
      readonly type: 'unanswered'
      readonly hotkey: string
      readonly id: string
      readonly domain: string
      readonly code: WireErrorCode
      /** What `answer` threw; absent where it was not the cause. */
      readonly error?: unknown
    }
