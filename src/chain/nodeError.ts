/** An error that a node answered with, under JSON-RPC's names. */
export class NodeError extends Error {
  readonly code: number
  readonly data: string | undefined

  constructor(code: number, message: string, data?: string) {
    super(`${code}: ${message}${data === undefined ? '' : `: ${data}`}`)
    this.name = 'NodeError'
    this.code = code
    this.data = data
  }
}

/** The error member of an answer; undefined where the answer is a result. */
export function nodeErrorIn(answer: { readonly error?: unknown }): NodeError | undefined {
  const { error } = answer
  if (error === undefined || error === null) return undefined
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown }
  const detail =
    data === undefined || data === null ? undefined : typeof data === 'string' ? data : JSON.stringify(data)
  return new NodeError(typeof code === 'number' ? code : 0, String(message ?? 'no message'), detail)
}
