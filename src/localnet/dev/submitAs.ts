import type { LocalNode } from '../node.ts'
import type { Call } from '../pallet.ts'
import type { AccountId, Hex32 } from '../scale/chainTypes.ts'
import { ScaleWriter } from '../scale/io.ts'

/**
 * Sends a call as any account, without its key: the account is impersonated from now on.
 *
 * @param call names and arguments as in metadata; amounts are bigints, accounts `0x` hex
 * @returns the extrinsic's hash; it is in the next block
 * @throws ValidityFailure, PoolError as any extrinsic; ScaleError for arguments that do not fit
 */
export function submitAs(node: LocalNode, account: AccountId, call: Call): Hex32 {
  node.impersonate(account)
  const body = new ScaleWriter()
  // Version 4, signed; the account as MultiAddress Id; an sr25519 signature of zeros; immortal, nonce, no tip.
  body.bytes(Uint8Array.of(0x84, 0x00))
  body.bytes(Buffer.from(account.slice(2), 'hex'))
  body.byte(0x01)
  body.bytes(new Uint8Array(64))
  body.byte(0x00)
  body.compact(node.pool.nextNonce(account))
  body.compact(0)
  body.byte(0x00)
  node.runtime.callType.encode(call, body)
  const content = body.finish()
  const out = new ScaleWriter()
  out.compact(content.length)
  out.bytes(content)
  return node.submit(out.finish())
}
