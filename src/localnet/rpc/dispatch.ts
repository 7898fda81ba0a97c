import { show } from '../../base/errors.ts'
import type { Method, RpcContext } from './method.ts'
import { type ErrorObject, errorCodes, errorObject } from './rpcError.ts'

export interface DispatchOptions {
  readonly methods: ReadonlyMap<string, Method>
  readonly allowUnsafe: boolean
  readonly maxBatch: number
  readonly note: (line: string) => void
}

type Reply =
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly error: ErrorObject }

type Id = string | number | null

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
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return JSON.stringify(failed(null, { code: errorCodes.parse, message: 'Parse error' }))
  }
  if (!Array.isArray(message)) {
    const reply = await answer(message, context, options)
    return reply === undefined ? undefined : JSON.stringify(reply)
  }
  if (message.length === 0) return JSON.stringify(failed(null, invalidRequest('the batch is empty')))
  if (message.length > options.maxBatch) {
    const reason = `the batch has ${message.length} requests, at most ${options.maxBatch} are allowed`
    return JSON.stringify(failed(null, invalidRequest(reason)))
  }
  const replies: Reply[] = []
  for (const request of message) {
    const reply = await answer(request, context, options)
    if (reply !== undefined) replies.push(reply)
  }
  return replies.length === 0 ? undefined : JSON.stringify(replies)
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
