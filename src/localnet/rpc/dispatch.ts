import { show } from '../../base/errors.ts'
import type { Method, RpcContext } from './method.ts'
import { type ErrorObject, errorCodes, errorObject } from './rpcError.ts'

export interface DispatchOptions {
  readonly methods: ReadonlyMap<string, Method>
  readonly allowUnsafe: boolean
  readonly maxBatch: number
  /** Characters of one answer, a batch's answers together. */
  readonly maxResponse: number
  readonly note: (line: string) => void
}

type Reply =
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly error: ErrorObject }

type Id = string | number | null

/** As deep as the real node's parser goes. */
const maxDepth = 128
/** Longest stretch of answering a batch without a look at blocks and other clients. */
const sliceMs = 20

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = Array.from('"\\[]{}', (sign) =>
  sign.charCodeAt(0),
)

/**
 * Answers the text of one HTTP body or WebSocket message: a request or a batch of them.
 *
 * @returns the answer's text; `undefined` where only notifications were sent, which have none
 */
export async function dispatch(
  text: string,
  context: RpcContext,
  options: DispatchOptions,
): Promise<string | undefined> {
  if (isDeep(text)) {
    const data = `nested deeper than ${maxDepth} levels`
    return JSON.stringify(failed(null, { code: errorCodes.parse, message: 'Parse error', data }))
  }
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return JSON.stringify(failed(null, { code: errorCodes.parse, message: 'Parse error' }))
  }
  if (!Array.isArray(message)) return toText(await answer(message, context, options), options)
  if (message.length === 0) return JSON.stringify(failed(null, invalidRequest('the batch is empty')))
  if (message.length > options.maxBatch) {
    const reason = `the batch has ${message.length} requests, at most ${options.maxBatch} are allowed`
    return JSON.stringify(failed(null, invalidRequest(reason)))
  }
  return await answerBatch(message, context, options)
}

async function answerBatch(
  requests: readonly unknown[],
  context: RpcContext,
  options: DispatchOptions,
): Promise<string | undefined> {
  const replies: string[] = []
  let length = 0
  let pauseMs = performance.now() + sliceMs
  for (const request of requests) {
    const reply = toText(await answer(request, context, options), options)
    if (reply !== undefined) replies.push(reply)
    length += reply?.length ?? 0
    if (length > options.maxResponse) {
      const error = { code: errorCodes.batchResponseTooBig, message: 'The batch response was too large' }
      return JSON.stringify(failed(null, { ...error, data: `Exceeded max limit of ${options.maxResponse}` }))
    }
    if (performance.now() < pauseMs) continue
    await new Promise((resolve) => setImmediate(resolve))
    if (context.session?.isClosed) return undefined
    pauseMs = performance.now() + sliceMs
  }
  return replies.length === 0 ? undefined : `[${replies.join()}]`
}

function toText(reply: Reply | undefined, { maxResponse }: DispatchOptions): string | undefined {
  if (reply === undefined) return undefined
  const text = stringify(reply)
  if (text !== undefined && text.length <= maxResponse) return text
  const error = { code: errorCodes.responseTooBig, message: 'Response is too big' }
  return JSON.stringify(failed(reply.id, { ...error, data: `Exceeded max limit of ${maxResponse}` }))
}

/** @returns undefined for a text longer than any that JavaScript can hold */
function stringify(reply: Reply): string | undefined {
  try {
    return JSON.stringify(reply)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Whether brackets and braces stand in each other deeper than anybody needs: what walks a value may then overflow. */
function isDeep(text: string): boolean {
  let depth = 0
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isQuoted) {
      if (code === backslash) i++
      else if (code === quote) isQuoted = false
    } else if (code === quote) isQuoted = true
    else if (code === openBracket || code === openBrace) {
      if (++depth > maxDepth) return true
    } else if (code === closeBracket || code === closeBrace) depth--
  }
  return false
}

async function answer(request: unknown, context: RpcContext, options: DispatchOptions): Promise<Reply | undefined> {
  if (request === null || typeof request !== 'object' || Array.isArray(request)) {
    return failed(null, invalidRequest('a request is an object'))
  }
  const { jsonrpc, id, method: name, params } = request as Readonly<Record<string, unknown>>
  const hasId = id === null || typeof id === 'string' || typeof id === 'number'
  if (id !== undefined && !hasId) return failed(null, invalidRequest('the id is a string, a number or null'))
  if (jsonrpc !== '2.0') return failed(hasId ? id : null, invalidRequest('jsonrpc must be "2.0"'))
  if (typeof name !== 'string') return failed(hasId ? id : null, invalidRequest('method must be a string'))
  const reply = await call(name, params, hasId ? id : null, context, options)
  return hasId ? reply : undefined
}

async function call(
  name: string,
  params: unknown,
  id: Id,
  context: RpcContext,
  { methods, allowUnsafe, note }: DispatchOptions,
): Promise<Reply> {
  const method = methods.get(name)
  if (method === undefined) {
    return failed(id, { code: errorCodes.methodNotFound, message: 'Method not found', data: show(name) })
  }
  if (method.isUnsafe && !allowUnsafe) {
    return failed(id, { code: errorCodes.unsafe, message: 'RPC call is unsafe to be called externally' })
  }
  try {
    const result = await method.call(context, params)
    return { jsonrpc: '2.0', id, result: result ?? null }
  } catch (error) {
    return failed(id, errorObject(error, note))
  }
}

function failed(id: Id, error: ErrorObject): Reply {
  return { jsonrpc: '2.0', id, error }
}

function invalidRequest(data: string): ErrorObject {
  return { code: errorCodes.invalidRequest, message: 'Invalid Request', data }
}
