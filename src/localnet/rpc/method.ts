import type { z } from 'zod'
import { parseInput } from '../../base/parse.ts'
import type { LocalNode } from '../node.ts'
import type { Connections } from './connections.ts'
import { RpcError } from './rpcError.ts'
import type { Session } from './session.ts'

/** What a handler sees beside its parameters. */
export interface RpcContext {
  readonly node: LocalNode
  /** The WebSocket connection; absent over HTTP, where nothing can be subscribed to. */
  readonly session: Session | undefined
  /** All connections of the server. */
  readonly connections: Connections
}

export interface Method {
  /** Only on loopback, unless the node is told otherwise. */
  readonly isUnsafe: boolean
  /** @param params as they came; `undefined` where the request has none */
  call(context: RpcContext, params: unknown): unknown
}

/** Methods of one namespace by wire name. */
export type Methods = Readonly<Record<string, Method>>

type Values<Params extends readonly z.ZodType[]> = { -readonly [I in keyof Params]: z.output<Params[I]> }

/**
 * One JSON-RPC method with positional parameters. Missing ones and nulls count as `undefined`, so optional parameters
 * are optional schemas.
 */
export function method<const Params extends readonly z.ZodType[]>(
  params: Params,
  run: (context: RpcContext, ...args: Values<Params>) => unknown,
): Method {
  return {
    isUnsafe: false,
    call: (context, given) => run(context, ...parseParams(params, given)),
  }
}

/** A method that must not be open to strangers. */
export function unsafeMethod<const Params extends readonly z.ZodType[]>(
  params: Params,
  run: (context: RpcContext, ...args: Values<Params>) => unknown,
): Method {
  return { ...method(params, run), isUnsafe: true }
}

/** The context's connection. @throws RpcError over HTTP */
export function requireSession({ session }: RpcContext): Session {
  if (session === undefined) {
    throw new RpcError('methodNotFound', 'Method not found', 'subscriptions need a WebSocket connection')
  }
  return session
}

function parseParams<Params extends readonly z.ZodType[]>(params: Params, given: unknown): Values<Params> {
  if (given !== undefined && !Array.isArray(given)) {
    throw new RpcError('invalidParams', 'Invalid params', 'params: give an array')
  }
  const list: readonly unknown[] = given ?? []
  const extra = list.findIndex((value, i) => i >= params.length && value !== null)
  if (extra >= 0) {
    throw new RpcError(
      'invalidParams',
      'Invalid params',
      `params: at most ${params.length} expected, ${list.length} given`,
    )
  }
  return params.map((schema, i) => parseInput(schema, list[i] ?? undefined, `params[${i}]`)) as Values<Params>
}
