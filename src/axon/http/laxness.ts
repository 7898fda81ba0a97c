/**
 * What upstream takes and this axon does not, unless its owner allows it by name.
 *
 * @see docs/security.md for what each gives up
 */
export const laxnesses = ['unsigned', 'future-nonce', 'unprotected-body', 'named-caller', 'any-receiver'] as const
export type Laxness = (typeof laxnesses)[number]
