import type { KeyType } from '../../keys/keyPair.ts'

/** The ways in which Bittensor's peers sign an HTTP request. `synapse`: the headers of SDK 6 to 10. */
export const dialects = ['synapse', 'btauth', 'epistula'] as const
export type Dialect = (typeof dialects)[number]

/** Header fields by their lower-case names, as Node gives them; repeated ones are joined and so fit no form. */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a request's headers say. Nothing of it is proved before the signature is. */
export interface SignedRequest {
  readonly dialect: Dialect
  /** SS58 address of the caller, of the right form. */
  readonly hotkey: string
  /** The axon that it names; undefined where it names none. */
  readonly receiver: string | undefined
  /** Whether the signature holds for one axon alone. */
  readonly isBound: boolean
  /** Unix time. */
  readonly madeAtMs: number
  /** What of it no two requests of a hotkey share, at most 96 characters, under the signature. */
  readonly nonce: string
  /** A request's id in receipts, made of the nonce. */
  readonly id: string
  /** How old it may be when it arrives. */
  readonly maxAgeMs: number
  /** How long the caller waits for the answer; undefined where the dialect does not say. */
  readonly timeoutMs: number | undefined
  /** 128 hex digits; undefined where it is not signed. */
  readonly signature: string | undefined
  readonly keyType: KeyType
  /** The hash of the body that is under the signature, where the headers carry it. */
  readonly bodyHash: string | undefined
  /** What the caller must have signed. */
  signedText(parts: SignedParts): string
}

export interface SignedParts {
  /** The axon's own hotkey. */
  readonly axon: string
  /** Of the raw body, 64 lower-case hex digits. */
  readonly bodySha256: string
}

export type ReadHeaders =
  | { readonly ok: true; readonly request: SignedRequest }
  /** `problem` names the header and may be told to the caller. */
  | { readonly ok: false; readonly problem: string }

export function headerOf(headers: HeaderFields, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

const nanoseconds = /^[1-9]\d{0,18}$/

/** Unix time in milliseconds of a nonce in nanoseconds, or undefined where it is none. */
export function msOfNonce(nonce: string | undefined): number | undefined {
  return nonce !== undefined && nanoseconds.test(nonce) ? Number(BigInt(nonce) / 1_000_000n) : undefined
}

/** 128 hex digits of a signature with or without `0x`; undefined where it is none. */
export function signatureOf(text: string | undefined): string | undefined {
  const digits = text?.replace(/^0x/, '')
  return digits !== undefined && /^[0-9a-fA-F]{128}$/.test(digits) ? digits.toLowerCase() : undefined
}
