import { FacultyError } from '../base/errors.ts'

export type KeyFailure =
  | { readonly code: 'bad-address'; readonly reason: 'alphabet' | 'length' | 'checksum' | 'prefix' }
  | { readonly code: 'bad-hex' }
  | { readonly code: 'bad-mnemonic' }
  | { readonly code: 'bad-uri' }
  | { readonly code: 'bad-secret' }
  | { readonly code: 'bad-public-key' }
  | { readonly code: 'bad-signer'; readonly reason: 'shape' | 'type' | 'address' | 'signature' }
  | { readonly code: 'not-ready' }

/** A key, address or signer that cannot be used. Neither message nor failure ever holds secret material. */
export class KeyError extends FacultyError<KeyFailure> {}
