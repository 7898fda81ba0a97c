import { FacultyError } from '../base/errors.ts'
import type { DendriteError } from '../dendrite/dendriteError.ts'

export type GatewayFailure =
  /** No miner has declared this domain since the gateway started. */
  | { readonly code: 'unknown-model'; readonly model: string; readonly models: readonly string[] }
  /** Nobody who declares the domain can be reached now. */
  | { readonly code: 'no-miner'; readonly domain: string; readonly retryAfterMs: number }
  /** The request fits no miner of the domain: too long for their frames or their models. */
  | { readonly code: 'bad-request'; readonly domain: string }
  /** Every miner of the domain was asked; `last` is why the last one did not answer. */
  | { readonly code: 'unanswered'; readonly domain: string; readonly last: DendriteError['failure'] }
  /** More requests at one time than this gateway takes. */
  | { readonly code: 'overloaded'; readonly retryAfterMs: number }
  /** The gateway's hotkey is not on the subnet, so miners would not admit it. */
  | { readonly code: 'not-registered'; readonly hotkey: string; readonly netuid: number }
  | { readonly code: 'cannot-listen'; readonly host: string; readonly port: number }

/** Why the gateway does not answer, or does not start. */
export class GatewayError extends FacultyError<GatewayFailure> {}
