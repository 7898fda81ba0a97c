import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { EventRecord } from '@polkadot/types/interfaces'
import { messageOf } from '../base/errors.ts'
import type { Hash } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { findExtrinsic } from './findExtrinsic.ts'
import { outcomeIn } from './outcome.ts'
import { signCall } from './polkadotSigner.ts'
import { isProxySigner } from './proxySigner.ts'
import { refusal } from './refusal.ts'
import { watchExtrinsic } from './watchExtrinsic.ts'

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
  /** Blocks after which the extrinsic can no longer enter one, a power of 2 from 4. Default: the client library's 64. */
  readonly eraBlocks?: number
}

/** How to submit, apart from who signs. */
export type Submission = Omit<SubmitOptions, 'signer'>

const defaultTimeoutMs = 60_000

/**
 * Signs and submits a call and waits until it is in a block. A lost connection does not lose the call: its block is
 * looked for on the next connection.
 *
 * @throws ChainError `refused` where the pool did not take it, `dispatch` where it or a call inside it failed in its
 *   block (both under the chain's own name, with a mend), `timeout` where it did not get into a block in time
 */
export async function submit(chain: Chain, call: CallToSubmit, options: SubmitOptions): Promise<Submitted> {
  const { signer, until = 'inBlock', timeoutMs = defaultTimeoutMs } = options
  const name = nameOf(call)
  const toSign = isProxySigner(signer)
    ? composeCall(chain, 'Proxy', 'proxy', [signer.address, signer.proxyType, call])
    : call
  const endAt = Date.now() + timeoutMs
  const signed = await signedCall(chain, toSign, name, options)
  const [bytes, extrinsicHash] = [signed.toHex(), signed.hash.toHex() as Hash]
  const blockHash = await watchExtrinsic(chain, { name, bytes, until, timeoutMs: Math.max(0, endAt - Date.now()) })
  const done = await outcomeIn(chain, name, bytes, extrinsicHash, blockHash)
  if (done !== undefined) return done
  // After a loss of the connection just then: the next node may be behind, or have another block in its place.
  const timeUp = AbortSignal.timeout(Math.max(0, endAt - Date.now()))
  try {
    const again = await findExtrinsic(chain, bytes, until, timeUp)
    const found = await outcomeIn(chain, name, bytes, extrinsicHash, again)
    if (found !== undefined) return found
  } catch (error) {
    if (!timeUp.aborted || error instanceof ChainError) throw error
  }
  throw new ChainError(`${name}: the node named block ${blockHash}, which does not hold it`, {
    code: 'not-found',
    what: `extrinsic ${extrinsicHash}`,
  })
}

async function signedCall(
  chain: Chain,
  call: CallToSubmit,
  name: string,
  { signer, nonce, eraBlocks }: SubmitOptions,
): Promise<CallToSubmit> {
  try {
    const key = isProxySigner(signer) ? signer.delegate : signer
    return await signCall(chain, call, key, {
      ...(nonce === undefined ? {} : { nonce }),
      ...(eraBlocks === undefined ? {} : { eraBlocks }),
    })
  } catch (error) {
    throw error instanceof ChainError ? error : refusal(name, messageOf(error), error)
  }
}

/** As the chain spells it, e.g. `Balances.transfer_keep_alive`. */
function nameOf(call: CallToSubmit): string {
  return `${call.method.section.replace(/^./, (c) => c.toUpperCase())}.${call.meta.name}`
}
