import { FacultyError } from '../base/errors.ts'

export type WalletFailure =
  | { readonly code: 'bad-name'; readonly name: string }
  | { readonly code: 'no-such-key'; readonly path: string }
  | { readonly code: 'exists'; readonly path: string }
  | { readonly code: 'disk'; readonly path: string; readonly errno: string }
  | { readonly code: 'bad-keyfile'; readonly path: string; readonly reason: KeyfileFault }
  | { readonly code: 'watch-only'; readonly path: string }
  | { readonly code: 'locked'; readonly path: string; readonly variable: string }
  | { readonly code: 'wrong-password'; readonly path: string; readonly source: PasswordSource }
  | { readonly code: 'bad-password'; readonly source: PasswordSource | 'new' }
  | { readonly code: 'key-derivation' }

export type KeyfileFault =
  | 'encoding'
  | 'format'
  | 'polkadot-export'
  | 'crypto-type'
  | 'secret'
  | 'mismatch'
  | 'encryption'

/** Where a password came from; an environment variable under its name. */
export type PasswordSource = 'argument' | 'prompt' | 'file' | `BT_${string}`

/**
 * What went wrong with a wallet on disk. Neither message, failure nor cause ever holds a phrase, seed, key or password,
 * nor a part of a secret file's content.
 */
export class WalletError extends FacultyError<WalletFailure> {}
