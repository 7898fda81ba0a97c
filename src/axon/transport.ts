/** How an axon is reached: `wss` for sessions, `http` for signed requests in the dialects of docs/dialects.md. */
export const transports = ['wss', 'http'] as const
export type Transport = (typeof transports)[number]
