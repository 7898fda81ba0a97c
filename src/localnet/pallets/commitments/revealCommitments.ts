import type { BlockContext } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { openWithPulse } from '../drand/openWithPulse.ts'
import { storage as drand } from '../drand/storage.ts'
import { events } from './events.ts'
import { storage } from './storage.ts'
import type { Data, Registration } from './types.ts'

const mostReveals = 10

/**
 * Opens the timelocked fields whose round has a pulse. A field that does not open is dropped without a word.
 *
 * @see facts: subtensor-chain.md, Commitments.set_commitment
 */
export function revealCommitments(context: BlockContext): void {
  const { state } = context
  for (const [netuid, who] of state.get(storage.TimelockedIndex)) {
    const registration = state.get(storage.CommitmentOf, netuid!, who!)
    if (registration === undefined) setTimelocked(state, netuid!, who!, false)
    else revealOne(context, netuid!, who!, registration)
  }
}

function revealOne(context: BlockContext, netuid: number, who: AccountId, registration: Registration): void {
  const { state } = context
  const { opened, remaining } = openFields(state, registration.info.fields)
  if (remaining.length === registration.info.fields.length) return
  if (opened.length > 0) {
    const revealed = state.get(storage.RevealedCommitments, netuid, who) ?? []
    for (const message of opened) {
      revealed.push([message, BigInt(context.block)])
      context.emit(events.CommitmentRevealed, { netuid, who })
    }
    state.set(storage.RevealedCommitments, [netuid, who], revealed.slice(-mostReveals))
  }
  if (remaining.length === 0) state.remove(storage.CommitmentOf, netuid, who)
  else state.set(storage.CommitmentOf, [netuid, who], { ...registration, info: { fields: remaining } })
  setTimelocked(state, netuid, who, remaining.some(isTimelocked))
}

function openFields(state: State, fields: readonly Data[]): { opened: Uint8Array[]; remaining: Data[] } {
  const opened: Uint8Array[] = []
  const remaining: Data[] = []
  for (const field of fields) {
    const pulse = isTimelocked(field) ? state.get(drand.Pulses, field.reveal_round) : undefined
    if (!isTimelocked(field) || pulse === undefined) {
      remaining.push(field)
      continue
    }
    const message = openWithPulse(field.encrypted, pulse)
    if (message !== undefined && message.length > 0) opened.push(message)
  }
  return { opened, remaining }
}

export function isTimelocked(field: Data): field is Extract<Data, { type: 'TimelockEncrypted' }> {
  return field.type === 'TimelockEncrypted'
}

/** Notes whether a hotkey has timelocked fields. The set is kept in the order of its SCALE form. */
export function setTimelocked(state: State, netuid: number, who: AccountId, has: boolean): void {
  const index = state.get(storage.TimelockedIndex)
  const others = index.filter(([subnet, hotkey]) => subnet !== netuid || hotkey !== who)
  if (!has && others.length === index.length) return
  if (has) others.push([netuid, who])
  others.sort(([a, x], [b, y]) => a! - b! || (x! < y! ? -1 : 1))
  state.set(storage.TimelockedIndex, [], others)
}
