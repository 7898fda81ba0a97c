import type { DispatchError, EventRecord } from '@polkadot/types/interfaces'
import type { Codec } from '@polkadot/types/types'
import type { Hash } from '../base/units.ts'
import { ChainError, mends } from './chainError.ts'
import type { Chain } from './connect.ts'
import { readBlock } from './findExtrinsic.ts'
import { readOne } from './readMany.ts'
import type { Submitted } from './submit.ts'
import { asBigint, asList } from './values.ts'

/** Events that tell how a call inside another one ended, and where in their data the result stands. */
const innerResults: Readonly<Record<string, number>> = {
  'sudo.Sudid': 0,
  'sudo.SudoAsDone': 0,
  'proxy.ProxyExecuted': 0,
  'utility.DispatchedAs': 0,
  'multisig.MultisigExecuted': 4,
}

/** Events that carry a bare error of a call inside another one. */
const innerErrors: Readonly<Record<string, number>> = { 'utility.BatchInterrupted': 1, 'utility.ItemFailed': 0 }

/**
 * What an extrinsic did in its block. A call that failed inside a sudo, proxy or batch counts as failed.
 *
 * @param bytes the extrinsic as it was submitted, hex
 * @returns undefined where the block does not hold it, or the node does not know the block
 * @throws ChainError `dispatch` under the chain's own name, with a mend
 */
export async function outcomeIn(
  chain: Chain,
  call: string,
  bytes: string,
  extrinsicHash: Hash,
  blockHash: Hash,
): Promise<Submitted | undefined> {
  const block = await readBlock(chain, blockHash)
  const index = block?.extrinsics.indexOf(bytes) ?? -1
  if (index < 0) return undefined
  const all = asList(await readOne(chain, 'System', 'Events', [], blockHash)) as unknown as readonly EventRecord[]
  const events = all.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.toNumber() === index)
  const failure = failureIn(events)
  if (failure !== undefined) throw dispatchError(call, nameOfError(chain, failure))
  return { blockHash, extrinsicHash, events, feeRao: feeOf(events) }
}

/** The error for a call that failed with this on-chain error name. */
export function dispatchError(call: string, name: string): ChainError {
  const mend = mends[name.split('.').at(-1)!]
  return new ChainError(`${call} failed: ${name}`, { code: 'dispatch', name, call }, mend === undefined ? {} : { mend })
}

function failureIn(events: readonly EventRecord[]): DispatchError | undefined {
  for (const { event } of events) {
    const name = `${event.section}.${event.method}`
    if (name === 'system.ExtrinsicFailed') return event.data[0] as unknown as DispatchError
    const errorAt = innerErrors[name]
    if (errorAt !== undefined) return event.data[errorAt] as unknown as DispatchError
    const resultAt = innerResults[name]
    if (resultAt === undefined) continue
    const result = event.data[resultAt] as unknown as Codec & { isErr: boolean; asErr: DispatchError }
    if (result.isErr) return result.asErr
  }
  return undefined
}

function nameOfError(chain: Chain, error: DispatchError): string {
  if (error.isModule) {
    const meta = chain.api.registry.findMetaError(error.asModule)
    return `${meta.section.replace(/^./, (c) => c.toUpperCase())}.${meta.name}`
  }
  if (error.isToken) return `Token.${error.asToken.type}`
  if (error.isArithmetic) return `Arithmetic.${error.asArithmetic.type}`
  return error.type
}

function feeOf(events: readonly EventRecord[]): bigint {
  const paid = events.find(
    ({ event }) => event.section === 'transactionPayment' && event.method === 'TransactionFeePaid',
  )
  return paid === undefined ? 0n : asBigint(paid.event.data[1])
}
