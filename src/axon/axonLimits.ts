import { wireLimits } from '../wire/wireLimits.ts'
import type { Rate } from './rateTable.ts'

/** What one axon grants. `wireLimits` bounds what can be said at all; these bound what is done about it. */
export interface AxonLimits {
  /** Connections that have not proved a hotkey yet; one more, and the oldest of them is dropped. */
  readonly maxUnproven: number
  /** The same for those of one IPv4 address or one IPv6 /64. */
  readonly maxUnprovenPerIp: number
  /** New connections of one such address. */
  readonly connectionsPerIp: Rate
  /** From the TCP connection to the verified hello. */
  readonly helloTimeoutMs: number
  readonly maxSessions: number
  readonly maxSessionsPerHotkey: number
  readonly maxFrameBytes: number
  /** Asks in flight, waiting or running, of one session. */
  readonly maxPending: number
  /** Asks of one hotkey, over all its sessions. */
  readonly asksPerHotkey: Rate
  /** Answers being made at one time, over all sessions. */
  readonly maxRunning: number
  /** Asks that wait for a place, over all sessions. */
  readonly maxWaiting: number
  readonly maxDeadlineMs: number
  /** Callers are told to be heard this often; after `silentBeats` times as long without a word, they are gone. */
  readonly heartbeatMs: number
  readonly silentBeats: number
  readonly idleMs: number
  /** Unsent bytes at which a session is closed because its peer does not read. */
  readonly maxUnsentBytes: number
  /** Messages that do no work (pings, refused asks, cancellations): how many at once, and how many a second. */
  readonly maxIdleWords: number
  readonly idleWordsPerSecond: number
  /** What a refused caller is told to wait. */
  readonly retryAfterMs: number
  /** How far the clock of a caller by HTTP may be ahead; for as long a time after its start an axon takes no requests. */
  readonly nonceAheadMs: number
  /** Requests by HTTP that are remembered lest they be replayed, some 20 s each. */
  readonly maxNonces: number
  readonly maxNoncesPerHotkey: number
}

export const defaultAxonLimits: AxonLimits = {
  maxUnproven: 256,
  maxUnprovenPerIp: 64,
  connectionsPerIp: { perMinute: 600, burst: 256 },
  helloTimeoutMs: 10_000,
  maxSessions: 4_096,
  maxSessionsPerHotkey: 8,
  maxFrameBytes: wireLimits.maxCallerFrameBytes,
  maxPending: 64,
  asksPerHotkey: { perMinute: Number.POSITIVE_INFINITY, burst: 1 },
  maxRunning: 32,
  maxWaiting: 1_024,
  maxDeadlineMs: wireLimits.maxDeadlineMs,
  heartbeatMs: 15_000,
  silentBeats: 3,
  idleMs: 600_000,
  // The longest answer may come all at once, each of its characters an escape of six bytes.
  maxUnsentBytes: 8 * wireLimits.maxAnswerChars,
  maxIdleWords: 256,
  idleWordsPerSecond: 32,
  retryAfterMs: 1_000,
  nonceAheadMs: 2_000,
  maxNonces: 200_000,
  maxNoncesPerHotkey: 50_000,
}
