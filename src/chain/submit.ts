import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { EventRecord } from '@polkadot/types/interfaces'
import type { ISubmittableResult } from '@polkadot/types/types'
import { messageOf } from '../base/errors.ts'
import type { Hash } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { ChainError, customRefusals, mends } from './chainError.ts'
import type { Chain } from './connect.ts'
import { signCall } from './polkadotSigner.ts'

export type CallToSubmit = SubmittableExtrinsic<'promise'>

export interface Submitted {
  readonly blockHash: Hash
  readonly extrinsicHash: Hash
  readonly events: readonly EventRecord[]
  /** What the signer paid for inclusion, in rao. */
  readonly feeRao: bigint
}

export interface SubmitOptions {
  readonly signer: Signer
  /** Default: `inBlock`. On a chain with immediate finality there is no difference. */
  readonly until?: 'inBlock' | 'finalized'
  readonly timeoutMs?: number
  readonly nonce?: number
}

const defaultTimeoutMs = 60_000

/**
 * Signs and submits a call and waits until it is in a block.
 *
 * @throws ChainError `refused` where the pool did not take it, `dispatch` where it failed in its block (both under the
 *   chain's own name, with a mend), `timeout` where it did not get into a block in time
 */
export async function submit(chain: Chain, call: CallToSubmit, options: SubmitOptions): Promise<Submitted> {
  const name = nameOf(call)
  let signed: CallToSubmit
  try {
    signed = await signCall(chain, call, options.signer, options.nonce === undefined ? {} : { nonce: options.nonce })
  } catch (error) {
    throw refusal(name, error)
  }
  const { promise, resolve, reject } = deferred<Submitted>()
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const timer = setTimeout(() => {
    const failure = { code: 'timeout', what: name, afterMs: timeoutMs } as const
    reject(
      new ChainError(`${name}: not in a block within ${timeoutMs} ms`, failure, {
        mend: 'is the chain making blocks?',
      }),
    )
  }, timeoutMs)
  let unsubscribe: (() => void) | undefined
  try {
    unsubscribe = await signed.send((result) => {
      try {
        const done = outcome(chain, name, result, options.until ?? 'inBlock')
        if (done !== undefined) resolve(done)
      } catch (error) {
        reject(error)
      }
    })
  } catch (error) {
    reject(refusal(name, error))
  }
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    unsubscribe?.()
  }
}

function outcome(
  chain: Chain,
  name: string,
  result: ISubmittableResult,
  until: 'inBlock' | 'finalized',
): Submitted | undefined {
  const { status } = result
  if (status.isDropped || status.isInvalid || status.isUsurped || status.isFinalityTimeout) {
    throw new ChainError(`${name}: ${status.type.toLowerCase()} by the node`, {
      code: 'refused',
      reason: status.type,
      call: name,
    })
  }
  // A failed dispatch is known as soon as it is in a block.
  if (result.dispatchError !== undefined) throw dispatchFailure(chain, name, result)
  const arrived = until === 'finalized' ? status.isFinalized : status.isInBlock || status.isFinalized
  if (!arrived) return undefined
  return {
    blockHash: (status.isFinalized ? status.asFinalized : status.asInBlock).toHex() as Hash,
    extrinsicHash: result.txHash.toHex() as Hash,
    events: result.events,
    feeRao: feeOf(result.events),
  }
}

function feeOf(events: readonly EventRecord[]): bigint {
  const paid = events.find(
    ({ event }) => event.section === 'transactionPayment' && event.method === 'TransactionFeePaid',
  )
  return paid === undefined ? 0n : BigInt(paid.event.data[1]!.toString())
}

function dispatchFailure(chain: Chain, call: string, result: ISubmittableResult): ChainError {
  const error = result.dispatchError!
  let name: string = error.type
  if (error.isModule) {
    const meta = chain.api.registry.findMetaError(error.asModule)
    name = `${meta.section.replace(/^./, (c) => c.toUpperCase())}.${meta.name}`
  } else if (error.isToken) name = `Token.${error.asToken.type}`
  else if (error.isArithmetic) name = `Arithmetic.${error.asArithmetic.type}`
  return dispatchError(call, name)
}

/** The error for a call that failed with this on-chain error name. */
export function dispatchError(call: string, name: string): ChainError {
  const mend = mends[name.split('.').at(-1)!]
  return new ChainError(`${call} failed: ${name}`, { code: 'dispatch', name, call }, mend === undefined ? {} : { mend })
}

function refusal(call: string, error: unknown): ChainError {
  if (error instanceof ChainError) return error
  const message = messageOf(error)
  const custom = /Custom error: (\d+)/.exec(message)?.[1]
  if (custom === undefined) {
    return new ChainError(`${call}: ${message}`, { code: 'refused', reason: message, call }, { cause: error })
  }
  const name = customRefusals[Number(custom)] ?? `custom error ${custom}`
  const failure = { code: 'refused', reason: name, call, custom: Number(custom) } as const
  const mend = mends[name]
  return new ChainError(
    `${call} refused: ${name}`,
    failure,
    mend === undefined ? { cause: error } : { mend, cause: error },
  )
}

function nameOf(call: CallToSubmit): string {
  return `${call.method.section}.${call.method.method}`
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((res, rej) => {
    resolve = res
    reject = rej
  })
  return { promise, resolve, reject }
}
