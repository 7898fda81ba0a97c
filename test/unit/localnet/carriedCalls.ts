import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { hashHex } from '../../../src/localnet/extrinsic.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call, DispatchErrorValue } from '../../../src/localnet/pallet.ts'
import type { outcomeOf } from '../../../src/localnet/pallets/attempt.ts'
import type { EventRecord } from '../../../src/localnet/runtime.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { signCall } from './signedCall.ts'

/** Helpers for calls that carry others: a node, signed extrinsics, and what became of them. */

export const id = (who: AccountId) => ({ type: 'Id', 0: who })
export const callOf = (pallet: string, name: string, args: Readonly<Record<string, unknown>>): Call => ({
  pallet,
  name,
  args,
})
export const batch = (...calls: Call[]): Call => callOf('Utility', 'batch', { calls })
export const remark = callOf('System', 'remark', { remark: new Uint8Array(1) })

export interface Happened {
  readonly name: string
  readonly fields: Readonly<Record<string, unknown>>
}

const ofFees = new Set(['Balances.Withdraw', 'Balances.Deposit', 'TransactionPayment.TransactionFeePaid'])

/** Sends a call and mines a block. @returns events of the extrinsic, `Pallet.Name`, fees left out */
export async function sent(node: LocalNode, pair: KeyPair, call: Call): Promise<Happened[]> {
  const hash = node.submit(signCall(node, pair, call))
  await node.mine()
  // Inherents may stand before and behind it.
  const place = node.head.extrinsics.findIndex((bytes) => hashHex(bytes) === hash)
  const item = node.runtime.pallets.find(({ name }) => name === 'System')!.storage.Events!
  const records = node.headState.get(item) as readonly EventRecord[]
  return records
    .filter(({ phase }) => phase.type === 'ApplyExtrinsic' && phase[0] === place)
    .map(({ event }) => ({ name: `${event.pallet}.${event.name}`, fields: event.fields }))
    .filter(({ name }) => !ofFees.has(name))
}

type Outcome = DispatchErrorValue | ReturnType<typeof outcomeOf>

/** `ok`, or the name of the error that an event tells of. */
export function told(node: LocalNode, { fields }: Happened): string {
  const outcome = (fields.dispatch_error ?? fields.result ?? fields.error ?? fields.main_error) as Outcome
  if (outcome.type === 'Ok') return 'ok'
  const error = outcome.type === 'Err' ? outcome[0] : outcome
  if (error.type !== 'Module') return error.type === 'Token' ? `Token.${error[0].type}` : error.type
  return node.runtime.errorName(error[0].index, error[0].error[0]!) ?? 'an error that no pallet declares'
}

/** What the events of an extrinsic tell, as far as any tells of a success or a failure. */
export function outcomes(node: LocalNode, events: readonly Happened[]): [string, string][] {
  return events
    .filter(({ fields }) => ['dispatch_error', 'result', 'error', 'main_error'].some((field) => field in fields))
    .map((event) => [event.name, told(node, event)])
}
